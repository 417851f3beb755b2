"""Whatever ends it, nothing is left; and what SIGKILL leaves, the next run removes."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from integration.emulate import fleet
from integration.emulate.emulated import ROOT, Emulated, command_lines, emulate, until

if TYPE_CHECKING:
    from pathlib import Path

_APPS = fleet.APPS[:1]


def containers(ran: Emulated) -> list[str]:
    """The containers that the run started."""
    import docker

    from lbgen.testing.leftovers import LABEL

    client = docker.from_env()
    try:
        found = client.containers.list(all=True, filters={"label": LABEL}, sparse=True)
        return [str(each.id) for each in found if f"/{ran.process.pid}/" in each.attrs["Labels"][LABEL]]
    finally:
        client.close()


@pytest.mark.parametrize("how_it_ends", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_leaves_nothing(how: list[str], tmp_path: Path, how_it_ends: signal.Signals) -> None:
    apps = fleet.write(tmp_path, _APPS)
    # As a shell starts what stands before an ampersand: without a terminal, and deaf to Ctrl-C.
    deaf = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")
    with emulate(tmp_path, *how, str(apps / "web.json"), wrapper=deaf) as ran:
        in_containers = "container" in how
        assert containers(ran) if in_containers else ran.processes()
        assert ran.end(how_it_ends) == 0
        assert not ran.directory.exists()
        assert not ran.processes()
        assert not (in_containers and containers(ran))


def test_who_is_impatient_leaves_nothing_either(how: list[str], tmp_path: Path) -> None:
    apps = fleet.write(tmp_path, _APPS)
    with emulate(tmp_path, *how, str(apps / "web.json")) as ran:
        directory = ran.directory
        for _ in range(4):
            if ran.process.poll() is None:
                ran.process.send_signal(signal.SIGINT)
            time.sleep(0.15)
        ran.process.wait(60)
        assert not directory.exists()
        assert not ran.processes()
        assert not ("container" in how and containers(ran))


def test_what_was_killed_is_removed_by_the_next(how: list[str], tmp_path: Path) -> None:
    apps = fleet.write(tmp_path, _APPS)
    with emulate(tmp_path, *how, str(apps / "web.json")) as killed:
        killed.end(signal.SIGKILL)
    directory = str(killed.directory)
    assert killed.directory.exists()
    done = subprocess.run(
        [sys.executable, "-m", "lbgen", "emulate", "--once", *how, str(apps / "web.json")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not killed.directory.exists()
    until(lambda: not any(directory in line for line in command_lines()))
    assert "container" not in how or not containers(killed)


def test_it_ends_by_itself_after_a_time(how: list[str], tmp_path: Path) -> None:
    apps = fleet.write(tmp_path, _APPS)
    with emulate(tmp_path, *how, "--for", "1s", str(apps / "web.json")) as ran:
        assert ran.process.wait(60) == 0
        assert not ran.directory.exists()
