"""`lbgen` as a program: its help, what it loads, and how it ends."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import lbgen
from tests.cli.test_from_app import KUBECTL, said
from tests.console import ROOT
from tests.pipeline.files import GOOD, put

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.command import Ended

LBGEN = [sys.executable, "-m", "lbgen"]


class TestHelp:
    @pytest.mark.parametrize("arguments", [["--help"], ["-h"]])
    def test_of_from_app_is_known(self, run: Callable[..., Ended], arguments: list[str]) -> None:
        ended = run("haproxy", "from-app", *arguments)
        assert (ended.out, ended.err, ended.status) == (said("from-app.help"), "", 0)

    def test_of_lbgen_names_its_commands(self, run: Callable[..., Ended]) -> None:
        ended = run("--help")
        assert ended.status == 0
        assert re.search(r"^  haproxy +Generate haproxy.cfg from apps", ended.out, re.MULTILINE)
        assert re.search(r"^  check +Ask the real HAProxy whether it accepts a haproxy.cfg\.$", ended.out, re.MULTILINE)

    def test_is_what_a_group_without_command_shows(self, run: Callable[..., Ended]) -> None:
        ended = run("haproxy")
        assert "from-app" in ended.out + ended.err
        assert ended.status == 2

    def test_of_a_command_that_is_not_there_says_so(self, run: Callable[..., Ended]) -> None:
        ended = run("haproxy", "from-ap")
        assert ended.status == 2
        assert "from-ap" in ended.err.splitlines()[-1]


def test_version(run: Callable[..., Ended]) -> None:
    assert run("--version") == (f"lbgen, version {lbgen.__version__}\n", "", 0)


def test_python_m_lbgen_is_lbgen() -> None:
    ended = subprocess.run([*LBGEN, "--version"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout == f"lbgen, version {lbgen.__version__}\n"


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What comes of a line of a shell in which LBGEN stands for the command."""
    line = command.replace("LBGEN", shlex.join(LBGEN))
    return subprocess.run(
        ["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ | environment
    )


RESULT = f"LBGEN haproxy from-app {KUBECTL}"


class TestStreams:
    """They may be full, or closed: a result that cannot be written is an error, what cannot be told is none."""

    @pytest.mark.parametrize(
        ("where", "why"), [(">/dev/full", "No space left on device"), (">&-", "it is closed")], ids=["full", "closed"]
    )
    @pytest.mark.parametrize("what", [RESULT, f"LBGEN convert edge-lb {KUBECTL}"])
    def test_that_take_no_result(self, what: str, where: str, why: str) -> None:
        ended = shell(f"{what} -q {where}")
        assert ended.stderr.splitlines()[-1] == f"lbgen: error: cannot write to standard output: {why}"
        assert ended.returncode == 2

    @pytest.mark.parametrize("where", ["2>/dev/full", "2>&-"])
    def test_that_take_no_messages(self, where: str) -> None:
        ended = shell(f"{RESULT} {where}")
        assert (ended.stdout, ended.stderr, ended.returncode) == (said("kubectl-proxy.portable.cfg"), "", 0)

    @pytest.mark.parametrize("where", ["2>/dev/full", "2>&-", ">&- 2>&-", ">/dev/full 2>/dev/full"])
    def test_that_take_no_complaint(self, where: str) -> None:
        for command in ("LBGEN haproxy from-app none.json", "LBGEN haproxy from-app --none", "LBGEN haproxy"):
            ended = shell(f"{command} {where}")
            assert (ended.stdout, ended.stderr, ended.returncode) == ("", "", 2)

    def test_that_take_no_help(self) -> None:
        ended = shell("LBGEN haproxy --help >/dev/full")
        assert ended.stderr == "lbgen: error: [Errno 28] No space left on device\n"
        assert ended.returncode == 2


def test_control_c_while_it_is_loaded_is_no_traceback() -> None:
    code = (
        "import builtins, runpy, sys\n"
        "known = builtins.__import__\n"
        "def load(name, *rest, **more):\n"
        "    if name == 'click': raise KeyboardInterrupt\n"
        "    return known(name, *rest, **more)\n"
        "builtins.__import__ = load\n"
        "runpy.run_module('lbgen', run_name='__main__')\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.stdout, ended.stderr, ended.returncode) == ("", "", 130)


class TestPipes:
    def test_that_end_early_are_no_mistake(self, tmp_path: Path) -> None:
        fleet = [GOOD | {"id": f"/app-{number}", "ports": [20000 + number]} for number in range(2000)]
        path = put(tmp_path / "apps.json", fleet)
        # Without buffers Python takes a pipe that is closed in the middle of a write for one that took all.
        buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        process = subprocess.Popen(
            [*LBGEN, "haproxy", "from-app", path],
            cwd=ROOT,
            env=buffered,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        with process.stdout, process.stderr:
            assert process.stdout.readline() == b"global\n"
            process.stdout.close()
            assert process.stderr.read() == b""
            assert process.wait() == 1

    def test_may_be_the_output(self) -> None:
        command = [*LBGEN, "haproxy", "from-app", "-q", str(KUBECTL), "-o", "/dev/stdout"]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        assert ended.stdout == said("kubectl-proxy.portable.cfg")

    def test_of_another_encoding_take_the_text(self, tmp_path: Path) -> None:
        path = put(
            tmp_path / "app.json", GOOD | {"labels": {"HAPROXY_GROUP": "external", "HAPROXY_0_BIND_OPTIONS": "name ä"}}
        )
        command = [*LBGEN, "haproxy", "from-app", path]
        ascii_only = os.environ | {"PYTHONIOENCODING": "ascii"}
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, env=ascii_only)
        assert "bind *:20000 name ä\n".encode() in ended.stdout
