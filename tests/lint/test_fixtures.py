"""Every rule on inputs of its own: `<rule>*` are found fault with as `.expected` says, `<rule>_ok*` are not.

A fixture is a file or a directory, which is one fleet; `<rule>.<variant>.json` is one more of a rule. What stands in
`<fixture>.options.json` are fields of `Options`. What other commands tell, or lint where it is asked to look further,
has its fixtures in `commands`: see test_commands.py.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.lint.registry import BY_NAME, RULES
from lbgen.lint.rules.told import RULES as READING
from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options
from lbgen.ports.reservation import Reservation
from lbgen.report.places import placed
from tests.lint.test_commands import COMMANDS, command_fixtures, of_command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lbgen.lint.rule import Rule
    from lbgen.pipeline.linting import Linted

FIXTURES = Path(__file__).parent / "fixtures"
OF_NO_INPUT = {
    "internal-error": "tests.lint.test_engine:test_a_rule_that_fails_is_a_finding_and_the_others_go_on",
    "apps-shrunk": "tests.live.test_shrinking:test_more_than_half_may_not_go_at_once",
}
"""What mistakes of lbgen's bring about, or a live Marathon, and tests that do: the only rules without fixtures."""
_SIDE = (".expected", ".options.json", ".fixed")


def fixtures(rule: str, *, ok: bool) -> list[Path]:
    """The fixtures of a rule, by name."""
    wanted = f"{rule}_ok" if ok else rule
    return sorted(
        path for path in FIXTURES.iterdir() if path.name.split(".")[0] == wanted and not path.name.endswith(_SIDE)
    )


BAD = [pytest.param(rule, path, id=path.name) for rule in RULES for path in fixtures(rule.name, ok=False)]
OK = [pytest.param(rule, path, id=path.name) for rule in RULES for path in fixtures(rule.name, ok=True)]


def linted(path: Path, rules: Sequence[Rule] = RULES) -> Linted:
    """What lint says of a fixture."""
    beside = path.with_name(f"{stem(path)}.options.json")
    given: dict[str, Any] = json.loads(beside.read_text()) if beside.exists() else {}
    for key in ("groups", "lb_ports", "ssl_certs", "auto_ports"):
        if key in given:
            given[key] = tuple(given[key])
    held = {"protocol": "tcp", "address": "*", "by_whom": "", "since": 0, "until": None, "note": ""}
    given["reservations"] = tuple(Reservation(**{**held, **each}) for each in given.get("reservations", ()))
    if "service_ports" in given:
        given["service_ports"] = range(*given["service_ports"])
    return lint([str(path)], Options(**{"groups": (), **given}), rules=rules)


def stem(path: Path) -> str:
    """The name of a fixture without what tells its format."""
    return path.name if path.is_dir() else path.name.rpartition(".")[0]


def told(path: Path, rule: str) -> list[str]:
    """What the rule has to say of the fixture, a line each."""
    # What reading tells is not told again where a rule says it better.
    result = linted(path, () if BY_NAME[rule] in READING else RULES)
    lines = []
    for each in placed(result.findings, result.documents):
        if each.finding.rule == rule:
            whose = " ".join(filter(None, (each.finding.app, each.finding.label)))
            where = str(each.place).replace(f"{FIXTURES}/", "")
            lines.append(f"{where}: {each.finding.severity} {whose}: {each.finding.message}")
    return lines


@pytest.mark.parametrize(("rule", "path"), BAD)
def test_what_is_bad_is_found(rule: Any, path: Path) -> None:
    expected = path.with_name(f"{stem(path)}.expected")
    found = told(path, rule.name)
    assert found
    assert "\n".join(found) == expected.read_text().rstrip("\n")


@pytest.mark.parametrize(("rule", "path"), OK)
def test_what_is_fine_is_left_alone(rule: Any, path: Path) -> None:
    assert told(path, rule.name) == []


@pytest.mark.parametrize("rule", [rule.name for rule in RULES if rule.name not in OF_NO_INPUT])
def test_every_rule_has_both(rule: str) -> None:
    assert fixtures(rule, ok=False) or command_fixtures(rule, ok=False), "no bad fixture"
    assert fixtures(rule, ok=True) or command_fixtures(rule, ok=True), "no fixture that is fine"


@pytest.mark.parametrize(("rule", "test"), OF_NO_INPUT.items())
def test_what_no_input_brings_about_is_tested_all_the_same(rule: str, test: str) -> None:
    module, _, name = test.partition(":")
    assert callable(getattr(import_module(module), name)), rule


@pytest.mark.parametrize(("rule", "path"), OK)
def test_what_is_fine_is_really_read(rule: Any, path: Path) -> None:
    assert linted(path).unread == [], rule.name


def test_every_fixture_is_some_rules() -> None:
    names = {rule.name for rule in RULES}
    assert {path.name.split(".")[0].removesuffix("_ok") for path in FIXTURES.iterdir()} <= names
    assert {of_command(path) for path in COMMANDS.iterdir()} <= names
