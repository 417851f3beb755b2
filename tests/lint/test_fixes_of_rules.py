"""Every fix that a rule offers in its fixtures: it does what it says, ends, and leaves nothing to fix behind.

`<fixture>.fixed` holds what becomes of the fixture with all fixes of its rule, unsafe ones too; of a directory, the
files that change, each below its name. `python -m tests.lint.test_fixes_of_rules` writes them: read the difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lbgen.lint.registry import RULES
from lbgen.lint.rule import Fixing
from lbgen.pipeline.fixing import lint_and_fix
from lbgen.pipeline.linting import Linted
from tests.lint.test_fixtures import BAD, fixtures, linted, stem

if TYPE_CHECKING:
    from pathlib import Path

    from lbgen.pipeline.fixing import Fixed

ELSEWHERE = frozenset({"head-outdated"})
"""Rules whose fixes are for files of the operator's, which are no fixtures."""
OFFERED: dict[Fixing, list[set[bool]]] = {
    Fixing.NONE: [set()],
    Fixing.SAFE: [{True}],
    Fixing.UNSAFE: [{False}],
    Fixing.SOMETIMES: [{True}, {False}, {True, False}],
}


def fixed(rule: str, path: Path) -> Fixed:
    """The fixture with the fixes of the rule, and nothing else, done."""

    def lint_once() -> Linted:
        found = linted(path)
        mine = [each for each in found.findings if each.rule in {rule, "internal-error"}]
        return Linted(mine, found.documents)

    return lint_and_fix(lint_once, unsafe=True)


def shown(done: Fixed, path: Path) -> str:
    """What changed, as the `.fixed` file holds it."""
    if path.is_file():
        return "".join(done.after.values())
    parts = sorted((name.removeprefix(f"{path}/"), text) for name, text in done.after.items())
    return "".join(f"==> {name} <==\n{text}" for name, text in parts)


def golden(path: Path) -> Path:
    """The file that holds what becomes of the fixture."""
    return path.with_name(f"{stem(path)}.fixed")


@pytest.mark.parametrize(("rule", "path"), BAD)
def test_fixes_do_what_they_say(rule: Any, path: Path) -> None:
    done = fixed(rule.name, path)
    assert [each.message for each in done.linted.findings if each.rule == "internal-error"] == []
    assert [each.message for each in done.linted.findings if each.fix is not None] == []
    expected = golden(path).read_text() if golden(path).exists() else ""
    assert shown(done, path) == expected


@pytest.mark.parametrize("rule", [rule for rule in RULES if fixtures(rule.name, ok=False)], ids=lambda rule: rule.name)
def test_rules_offer_the_fixes_that_their_pages_promise(rule: Any) -> None:
    findings = [each for path in fixtures(rule.name, ok=False) for each in linted(path).findings]
    found = {each.fix.safe for each in findings if each.rule == rule.name and each.fix is not None}
    assert found in OFFERED[rule.fixing] or (rule.name in ELSEWHERE and not found)


def main() -> None:
    """Writes what becomes of every fixture."""
    for rule in RULES:
        for path in fixtures(rule.name, ok=False):
            golden(path).unlink(missing_ok=True)
            if text := shown(fixed(rule.name, path), path):
                golden(path).write_text(text)


if __name__ == "__main__":
    main()
