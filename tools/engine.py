"""A container engine and HAProxy images for the integration tests, on a machine that may have neither.

What is there is used. What is missing is installed, started or built where that can be done: as root on Debian. A
daemon that was started here is stopped again; one that ran before is left alone.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
WORK = ROOT / ".tox"
VERSIONS = ("2.2", "2.6", "3.0", "3.2")
# What Debian brings; sid moves on, so a version that was found is asked of the image that was built.
SUITES = {"2.2": "bullseye", "2.6": "bookworm", "3.0": "trixie", "3.2": "sid"}
BUILT = "lbgen-test/haproxy"
PACKAGES = {
    "dockerd": "docker.io",
    "mmdebstrap": "mmdebstrap",
    "haproxy": "haproxy",
    "psql": "postgresql",
    "kubectl": "kubernetes-client",
    "chromium": "chromium",
    "chromedriver": "chromium-driver",
}
PID_FILES = {
    "dockerd": Path("/var/run/docker.pid"),
    "containerd": Path("/var/run/docker/containerd/containerd.pid"),
}
START_SECONDS = 60
ANSWER_SECONDS = 20
NO_START = Path("/usr/sbin/policy-rc.d")


def say(text: str) -> None:
    """Prints a line about what is done, at once."""
    print(f"-- {text}", flush=True)


def run(*command: str, timeout: float | None = None) -> str | None:
    """The command's output, None where it fails, does not exist, or takes longer than `timeout` seconds."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=timeout
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def answers() -> bool:
    """Whether a container engine answers."""
    return run("docker", "info", timeout=ANSWER_SECONDS) is not None


def may_install() -> bool:
    """Whether packages can be installed here: as root, with apt."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install() -> None:
    """Installs what is missing of PACKAGES, without starting any of its services."""
    missing = [package for program, package in PACKAGES.items() if shutil.which(program) is None]
    if not missing:
        return
    if not may_install():
        say(f"not installed: {', '.join(missing)} (that needs root, and Debian's packages)")
        return
    say(f"installing {', '.join(missing)}")
    with _services_held():
        apt = ("apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300")
        if run(*apt, "update") is None or run(*apt, "install", "--no-install-recommends", *missing) is None:
            say(f"apt-get could not install {', '.join(missing)}")


@contextmanager
def _services_held() -> Iterator[None]:
    """Has Debian's packages start no service: what tests need they start themselves, and stop."""
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    if NO_START.exists():
        yield
        return
    NO_START.write_text("#!/bin/sh\nexit 101\n")
    NO_START.chmod(0o755)
    try:
        yield
    finally:
        NO_START.unlink()


@contextmanager
def engine() -> Iterator[bool]:
    """Whether an engine answers within the block; one that was started for it is stopped behind it."""
    if answers():
        yield True
        return
    daemon = _start() if os.geteuid() == 0 and shutil.which("dockerd") else None
    if daemon is None:
        say("no container engine answers, and none can be started here")
    try:
        yield daemon is not None
    finally:
        if daemon is not None:
            _stop(daemon)


def _start() -> subprocess.Popen[bytes] | None:
    WORK.mkdir(exist_ok=True)
    for program, file in PID_FILES.items():
        _forget(program, file)
    log = WORK / "dockerd.log"
    say(f"starting dockerd; it writes to {log.relative_to(ROOT)}")
    with log.open("wb") as output:
        daemon = subprocess.Popen(["dockerd"], stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and daemon.poll() is None:
        if answers():
            return daemon
        time.sleep(0.2)
    say(f"dockerd does not answer:\n{log.read_text(errors='replace')[-2000:]}")
    _stop(daemon)
    return None


def _forget(program: str, file: Path) -> None:
    """Removes the pid file of a daemon that was killed: dockerd does not start where another process has that pid."""
    if file.exists():
        running = Path("/proc") / file.read_text().strip() / "comm"
        if not running.exists() or running.read_text().strip() != program:
            file.unlink()


def _stop(daemon: subprocess.Popen[bytes]) -> None:
    daemon.terminate()
    try:
        daemon.wait(30)
    except subprocess.TimeoutExpired:
        daemon.kill()
        daemon.wait()


def images() -> dict[str, str]:
    """HAProxy version to image, for every version that can be had; LBGEN_HAPROXY_IMAGES has the last word."""
    setting = os.environ.get("LBGEN_HAPROXY_IMAGES", "")
    if setting:
        return dict(pair.strip().split("=", 1) for pair in setting.split(",") if "=" in pair)
    with ThreadPoolExecutor(2) as pool:
        names = pool.map(lambda version: _local(version) or _pulled(version) or _built(version), VERSIONS)
        return {version: name for name in names if name and (version := _version(name))}


def _local(version: str) -> str | None:
    names = (f"haproxy:{version}", f"{BUILT}:{version}")
    return next((name for name in names if run("docker", "image", "inspect", name) is not None), None)


def _pulled(version: str) -> str | None:
    name = f"haproxy:{version}"
    return name if run("docker", "pull", "-q", name) is not None else None


def _built(version: str) -> str | None:
    """An image of Debian's HAProxy, named by the version that it holds; None where it cannot be built."""
    suite = SUITES[version]
    name = f"{BUILT}:{suite}"
    if run("docker", "image", "inspect", name) is None and not _build(suite, name):
        return None
    actual = _version(name)
    if actual is None:
        return None
    if actual != version:
        say(f"HAProxy {version} is not to be had: Debian's {suite} has {actual} by now, which is tested in its place")
    named = f"{BUILT}:{actual}"
    run("docker", "tag", name, named)
    return named


def _build(suite: str, name: str) -> bool:
    if os.geteuid() != 0 or shutil.which("mmdebstrap") is None:
        say(f"cannot build an image of Debian's {suite}: that needs root, and mmdebstrap")
        return False
    say(f"building {name} from Debian's packages")
    log = WORK / f"image-{suite}.log"
    WORK.mkdir(exist_ok=True)
    with log.open("wb") as errors:
        # mmdebstrap hangs up on its whole process group where it fails: that must not be ours.
        made = subprocess.Popen(
            _bootstrap(suite),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
        done = subprocess.run(["docker", "import", "-", name], stdin=made.stdout, capture_output=True, check=False)
        if made.stdout is not None:
            made.stdout.close()
        failed = made.wait() != 0 or done.returncode != 0
    if failed:
        run("docker", "image", "rm", name)
        say(f"{name} could not be built:\n{log.read_text(errors='replace')[-2000:]}{done.stderr.decode()}")
    return not failed


def _bootstrap(suite: str) -> list[str]:
    options = ["--variant=essential", "--include=haproxy"]
    trust = ""
    if suite == "sid":  # its keys may be younger than this machine, and it is not refreshed on every mirror each day
        options.append('--aptopt=Acquire::Check-Valid-Until "false"')
        trust = "[trusted=yes] "
    return ["mmdebstrap", *options, suite, "-", f"deb {trust}{_mirror()} {suite} main"]


def _mirror() -> str:
    """Where this machine gets Debian's packages, as apt's own settings say."""
    command = ("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages")
    debian = run(*command, "Origin: Debian", "Label: Debian") or run(*command) or ""
    return debian.split("\n", 1)[0]


def _version(image: str) -> str | None:
    """The version, such as 3.2, of the HAProxy in the image; None where it does not run."""
    command = ["docker", "run", "--rm", "--network", "none", "--entrypoint", "haproxy", image, "-v"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    match = re.search(r"version (\d+\.\d+)", done.stdout)
    if match is None:
        say(f"{image} does not run: {done.stderr.strip() or done.stdout.strip()}")
    return match[1] if match else None
