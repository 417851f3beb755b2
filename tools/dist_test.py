"""Proves the packages: each wheel, installed outside the checkout, writes what the checkout writes.

Runs in an environment that has `build`: builds the sdist, a wheel from the sdist and a wheel from the checkout, and
renders an example with both.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXAMPLE = "kubectl-proxy.json"


def main() -> int:
    """0 when every wheel renders the example as the checkout does, else 1."""
    with tempfile.TemporaryDirectory(prefix="lbgen-dist-") as name:
        place = Path(name)
        wheels = built(place)
        shutil.copy(ROOT / "examples" / EXAMPLE, place)
        python = environment(place / "venv")
        results = [compare(python, wheel, place) for wheel in wheels]
    return 0 if all(results) else 1


def built(place: Path) -> list[Path]:
    """The wheel that comes out of the sdist, and the wheel that comes out of the checkout."""
    # Without --wheel or --sdist, `build` makes the wheel out of the sdist that it made first.
    for target, options in (("from-sdist", ()), ("from-checkout", ("--wheel",))):
        command = [sys.executable, "-m", "build", "-o", str(place / target), *options, str(ROOT)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return [wheel for target in ("from-sdist", "from-checkout") for wheel in (place / target).glob("*.whl")]


def environment(place: Path) -> Path:
    """The Python of a fresh virtual environment."""
    venv.create(place, with_pip=True)
    return place / "bin" / "python"


def compare(python: Path, wheel: Path, place: Path) -> bool:
    """Whether the installed wheel and the checkout write the same."""
    pip = [str(python), "-m", "pip", "install", "-q"]
    subprocess.run([*pip, str(wheel)], check=True)
    subprocess.run([*pip, "--force-reinstall", "--no-deps", str(wheel)], check=True)
    installed = rendered([str(python.with_name("lbgen"))], place, {})
    checkout = rendered([str(python), "-m", "lbgen"], place, {"PYTHONPATH": str(ROOT)})
    same = installed == checkout and "backend kubectl-proxy_6443" in installed
    print(f"{wheel.parent.name}/{wheel.name}: {'renders as the checkout does' if same else 'DIFFERS'}")
    return same


def rendered(command: list[str], place: Path, environ: dict[str, str]) -> str:
    """What the command makes of the example; run in `place`, where no checkout is."""
    full = [*command, "haproxy", "from-app", EXAMPLE]
    done = subprocess.run(full, cwd=place, env={**os.environ, **environ}, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
