"""What a run for one app loads and compiles: most of what such a run takes is that."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.test_from_app import KUBECTL
from tests.console import ROOT

if TYPE_CHECKING:
    from pathlib import Path

# Loaded where something is written with them, asks for them, or is at fault.
HEAVY = {
    *("jinja2", "pydantic", "yaml", "rich", "docker", "requests", "cryptography", "sqlalchemy", "alembic", "marathon"),
    *("difflib", "unicodedata", "tomllib", "tempfile", "subprocess", "asyncio", "http", "ssl", "email"),
}
# Parts of lbgen that are about something else than apps on the command line.
OTHERS = {"check", "control", "convert", "edgelb", "emulate", "expose", "live", "testing"}
_WATCHED = """
import dataclasses, json, re, sys
ours = lambda frame: frame.f_globals.get("__name__", "").startswith("lbgen.")
made, compiled = [], []
process, compile_ = dataclasses._process_class, re.compile
def watched_process(cls, init, *more):
    if init and cls.__module__.startswith("lbgen."): made.append(cls.__qualname__)
    return process(cls, init, *more)
def watched_compile(pattern, flags=0):
    if ours(sys._getframe(1)) and sys._getframe(1).f_code.co_name == "<module>": compiled.append(pattern)
    return compile_(pattern, flags)
dataclasses._process_class, re.compile = watched_process, watched_compile
from lbgen.__main__ import main
try: main()
except SystemExit as ended: status = ended.code
print(json.dumps({"status": status, "modules": sorted(sys.modules), "made": made, "compiled": compiled}))
"""


def run(*arguments: str) -> dict[str, Any]:
    """What has been loaded when a command ends."""
    # Nobody's reservations are to be read.
    environment = {**os.environ, "LBGEN_PORTS_DB": "", "XDG_STATE_HOME": os.devnull}
    ended = subprocess.run(
        [sys.executable, "-c", _WATCHED, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


@pytest.fixture(
    scope="module",
    params=[
        ["--version"],
        ["haproxy", "from-app", str(KUBECTL)],
        ["lint", "--exit-zero", str(KUBECTL)],
        ["lint", "--exit-zero", "--isolated", str(KUBECTL)],
    ],
    ids=" ".join,
)
def loaded(request: pytest.FixtureRequest) -> dict[str, Any]:
    found = run(*request.param)
    assert found["status"] == 0
    return found


def test_nothing_heavy_is_loaded(loaded: dict[str, Any]) -> None:
    assert {name.partition(".")[0] for name in loaded["modules"]} & HEAVY == set()


def test_no_part_that_is_about_something_else(loaded: dict[str, Any]) -> None:
    assert {name.split(".")[1] for name in loaded["modules"] if name.startswith("lbgen.")} & OTHERS == set()


def test_no_expression_is_compiled_before_it_is_used(loaded: dict[str, Any]) -> None:
    assert loaded["compiled"] == []


def test_no_method_of_a_dataclass_is_compiled_before_it_is_called(loaded: dict[str, Any]) -> None:
    assert loaded["made"] == []


def test_lint_loads_few_modules_besides_the_rules() -> None:
    modules = run("lint", "--exit-zero", str(KUBECTL))["modules"]
    ours = [name for name in modules if name.startswith("lbgen.") and not name.startswith("lbgen.lint.rules.")]
    assert len(ours) < 200


def test_pages_of_rules_that_reading_tells_of_are_not_loaded() -> None:
    modules = run("lint", "--exit-zero", str(KUBECTL))["modules"]
    assert [name for name in modules if name.startswith("lbgen.lint.rules.told.")] == []


def test_what_a_setting_or_a_slip_asks_for_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "lbgen.toml").write_text('target = "3.0"\n')
    (tmp_path / "é.json").write_text('{"id": "/é", "labels": {"HAPROXY_0_MODE": "htp", "HAPROXY_GROUP": "external"}}')
    modules = run("lint", "--exit-zero", "--config", str(tmp_path / "lbgen.toml"), str(tmp_path / "é.json"))["modules"]
    assert {"tomllib", "difflib", "unicodedata"} <= set(modules)
