"""The generated file and its sources."""

from __future__ import annotations

from lbgen.finding import Severity
from lbgen.lint.rule import Fixing, Rule, Subject
from lbgen.lint.rules.files import input_unparsed, line_unreadable, rule_order, unused_or_undefined


def _told(name: str, severity: Severity, fixing: Fixing = Fixing.NONE) -> Rule:
    return Rule(name, severity, Subject.TOLD, f"{__name__}.{name.replace('-', '_')}", fixing)


RULES: tuple[Rule, ...] = (
    Rule("rule-order", Severity.WARNING, Subject.CONFIG, rule_order),
    Rule("unused-or-undefined", Severity.WARNING, Subject.CONFIG, unused_or_undefined),
    Rule("line-unreadable", Severity.ERROR, Subject.CONFIG, line_unreadable),
    Rule("input-unparsed", Severity.ERROR, Subject.CONFIG, input_unparsed),
    _told("unused-ignore", Severity.WARNING, Fixing.SOMETIMES),
    _told("ignore-unknown-rule", Severity.WARNING),
    _told("ignore-without-reason", Severity.WARNING),
    _told("baseline-outdated", Severity.INFO),
)
