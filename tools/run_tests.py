"""Runs every check of the project, on a machine that may have nothing but Python: `python3 tools/run_tests.py`.

Lint, types, import contracts, the built packages and the unit tests of other Pythons run first, by tox. Then pytest
runs the unit tests of this Python and the integration tests; its closing line is the last one, its status the
command's. Arguments go to that pytest, and nothing else runs then: `python3 tools/run_tests.py integration -k stats`.

As root on Debian a container engine and HAProxy images are installed and built as needed; elsewhere integration tests
are skipped where these are missing. With CI=true nothing is skipped: what is missing ends the run.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import venv
from pathlib import Path

from engine import ROOT, VERSIONS, WORK, engine, images, install, run, say

OLDEST = (3, 11)
PYTHONS = ("3.11", "3.12", "3.13")
PLACES = Path.home() / ".pyenv" / "versions"
IN_CI = os.environ.get("CI", "").lower() not in {"", "0", "false"}


def main(arguments: list[str]) -> int:
    """Everything, or pytest alone with these arguments; the status of the first step that fails."""
    if sys.version_info < OLDEST:
        print(f"lbgen needs Python 3.11 or later; this is {sys.version.split()[0]}", file=sys.stderr)
        return 2
    os.chdir(ROOT)
    # A daemon that was started is stopped on the way out, so a signal has to become an exception.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: sys.exit(128 + received))
    extend_path()
    tox = tox_command()
    if not arguments and (status := subprocess.run([*tox, "run", "-e", first_environments()], check=False).returncode):
        return status
    if status := subprocess.run([*tox, "-q", "run", "-e", "integration", "--notest"], check=False).returncode:
        return status
    install()
    with engine() as works:
        return tests(arguments, images() if works else {})


def extend_path() -> None:
    """Lets tox find the Pythons that pyenv keeps aside; the PATH's own come first."""
    found = [place for version in PYTHONS for place in sorted(PLACES.glob(f"{version}.*/bin"), reverse=True)]
    os.environ["PATH"] = os.pathsep.join([os.environ["PATH"], *map(str, found)])


def tox_command() -> list[str]:
    """The command for tox, which gets an environment of its own once."""
    python = WORK / "runner" / "bin" / "python"
    if run(str(python), "-m", "tox", "--version") is None:
        say("installing tox")
        venv.create(WORK / "runner", with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "tox>=4.25"], check=True)
    return [str(python), "-m", "tox"]


def first_environments() -> str:
    """What tox runs before the last step: all but the unit tests of this Python, which are part of that step.

    Of the Pythons between the oldest and the newest it takes those that LBGEN_LONG=1 asks for.
    """
    here = "{}.{}".format(*sys.version_info)
    wanted = PYTHONS if os.environ.get("LBGEN_LONG") == "1" else (PYTHONS[0], PYTHONS[-1])
    others = [f"py{version.replace('.', '')}" for version in wanted if version != here]
    return ",".join(("lint", "types", "imports", *others, "dist"))


def tests(arguments: list[str], found: dict[str, str]) -> int:
    """The status of pytest; what it will lack is said before, and in CI ends the run."""
    if len(found) < len(VERSIONS):
        say(f"HAProxy images are missing: found {', '.join(found) or 'none'} of {', '.join(VERSIONS)}")
        if IN_CI:
            say("CI is set, so nothing is skipped: the run ends here")
            return 1
        say("integration tests that need them are skipped")
    for version, image in found.items():
        say(f"HAProxy {version} is {image}")
        os.environ["LBGEN_HAPROXY_IMAGES"] = ",".join(f"{each}={name}" for each, name in found.items())
    command = [str(WORK / "integration" / "bin" / "python"), "-m", "pytest", "-n", "auto"]
    return subprocess.run([*command, *(arguments or ["tests", "integration"])], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
