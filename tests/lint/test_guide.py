"""docs/lint.md tells the truth: its sessions print what it shows, its commands, settings and recipes are accepted."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
import yaml

from lbgen.cli import cli
from lbgen.cli.options import Target
from lbgen.codes import CODES
from lbgen.config import read
from lbgen.report import REPORTERS
from tests.cli.command import runner
from tests.console import ROOT, Session, sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.command import Ended

GUIDE = (ROOT / "docs" / "lint.md").read_text()


def blocks(language: str) -> list[str]:
    """The texts of all blocks of this language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., Ended]:
    """A function that runs `lbgen` where the guide's app is in `apps/`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    Path("apps").mkdir()
    Path("apps/shop.json").write_text(blocks("json")[0])
    Path("lbgen.toml").write_text("")
    return runner(monkeypatch, capsys)


@pytest.mark.parametrize("session", sessions("docs/lint.md"), ids=str)
def test_sessions_print_what_is_shown(run: Callable[..., Ended], session: Session) -> None:
    printed = run(*session.arguments).out
    assert session.matches(printed), printed


def commands() -> list[str]:
    """Every command of lbgen's in blocks and tables, and in the recipes."""
    found = [line.strip() for text in blocks("sh") for line in text.splitlines() if line.startswith("lbgen ")]
    found += re.findall(r"`(lbgen [a-z][^`]*)`", GUIDE)
    found += [
        f"lbgen {line.partition(' lbgen:3.2 ')[2]}"
        for text in blocks("sh")
        for line in re.findall("docker run .*", text)
    ]
    found += [line for text in blocks("yaml") for line in _lines(yaml.safe_load(text)) if line.startswith("lbgen ")]
    return [command for command in found if "..." not in command and not command.endswith("CODE")]


def _lines(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [line for inside in value.values() for line in _lines(inside)]
    if isinstance(value, list):
        return [line for inside in value for line in _lines(inside)]
    return [value] if isinstance(value, str) else []


def test_commands_are_found() -> None:
    assert len(commands()) >= 12


@pytest.mark.parametrize("command", commands())
def test_commands_are_accepted(command: str) -> None:
    _, *words = shlex.split(command.partition(" >")[0])
    parsed: click.Command = cli
    with click.Context(cli) as context:
        while isinstance(parsed, click.Group):
            inner = parsed.get_command(context, words[0])
            assert inner is not None, command
            parsed, words = inner, words[1:]
        parsed.make_context("lbgen", words, parent=context)


def test_settings_are_accepted(tmp_path: Path) -> None:
    (text,) = blocks("toml")
    path = tmp_path / "lbgen.toml"
    path.write_text(text)
    settings = read(str(path))
    assert settings.target == "3.0"
    assert settings.lint.fail_on == "error"
    named = tomllib.loads(text)["lint"]
    for rule in [*named["ignore"], *named["severity"], *named["per-app-ignores"]["/infra/*"]]:
        assert rule in CODES


def test_rules_that_are_named_are_there() -> None:
    assert set(re.findall(r"\bLBG\d{3}\b", GUIDE)) <= set(CODES.values())
    assert re.findall(r'"LBGEN_IGNORE": "([a-z-]+):', GUIDE)[0] in CODES


def test_all_formats_are_told() -> None:
    told = re.findall(r"^\| `([a-z]+)` \|", GUIDE, re.MULTILINE)
    assert told == list(REPORTERS)


def test_hooks_are_those_of_the_repository() -> None:
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert hooks == {"lbgen-lint", "lbgen-lint-fleet"}
    assert all(f"`{hook}`" in GUIDE for hook in hooks)
    (config,) = (found for text in blocks("yaml") if "repos" in (found := yaml.safe_load(text)))
    assert {hook["id"] for hook in config["repos"][0]["hooks"]} <= hooks


def instructions() -> list[tuple[str, str]]:
    """The instructions of the recipe for an image, with their arguments on one line."""
    (text,) = blocks("dockerfile")
    lines = text.replace("\\\n", " ").splitlines()
    return [(line.split()[0], " ".join(line.split()[1:])) for line in lines]


def test_the_image_is_built_on_a_haproxy_that_is_known_and_runs_as_it() -> None:
    done = instructions()
    assert [name for name, _ in done] == ["FROM", "USER", "RUN", "ENV", "USER", "WORKDIR", "ENTRYPOINT"]
    image, _, version = done[0][1].partition(":")
    assert (image, [user for name, user in done if name == "USER"]) == ("haproxy", ["root", "haproxy"])
    assert Target().convert(version, None, None) == version
    built = [line for text in blocks("sh") for line in text.splitlines() if line.startswith("docker ")]
    assert all(f"lbgen:{version} " in f"{line} " for line in built)
    assert any(f"--target {version} " in line for line in built)


def test_the_image_holds_this_project_and_starts_its_command() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    steps = [shlex.split(step) for step in dict(instructions())["RUN"].split("&&")]
    (venv,) = (step[-1] for step in steps if step[:3] == ["python3", "-m", "venv"])
    (pip,) = (step for step in steps if step[0].endswith("/pip"))
    assert (pip[0], pip[1], pip[-1]) == (f"{venv}/bin/pip", "install", project["name"])
    assert ["apt-get", "install"] in [step[:2] for step in steps]
    assert "python3-venv" in next(step for step in steps if step[:2] == ["apt-get", "install"])
    assert dict(instructions())["ENV"] == f"PATH={venv}/bin:$PATH"
    (command,) = json.loads(dict(instructions())["ENTRYPOINT"])
    assert command in project["scripts"]
