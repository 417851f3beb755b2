"""`lbgen` as a program: its help, what it loads, and how it ends."""

from __future__ import annotations

import os
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
HEAVY = {"pydantic", "jinja2", "docker", "cryptography", "requests", "rich", "yaml"}


class TestHelp:
    @pytest.mark.parametrize("arguments", [["--help"], ["-h"]])
    def test_of_from_app_is_known(self, run: Callable[..., Ended], arguments: list[str]) -> None:
        ended = run("haproxy", "from-app", *arguments)
        assert (ended.out, ended.err, ended.status) == (said("from-app.help"), "", 0)

    def test_of_lbgen_names_its_commands(self, run: Callable[..., Ended]) -> None:
        ended = run("--help")
        assert ended.status == 0
        assert "\n  haproxy  Generate haproxy.cfg from apps" in ended.out
        assert "\n  check    Ask the real HAProxy whether it accepts a haproxy.cfg." in ended.out

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


def loaded(*arguments: str) -> set[str]:
    """The packages that a command imports."""
    code = "import sys; from lbgen.cli import main\ntry: main()\nfinally: print(*sys.modules, file=sys.stderr)"
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in ended.stderr.splitlines()[-1].split()}


def test_only_what_is_needed_is_loaded() -> None:
    assert loaded("--version") & HEAVY == set()
    assert loaded("haproxy", "from-app", str(KUBECTL)) & HEAVY <= {"pydantic", "jinja2"}


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
