"""Ports."""

from __future__ import annotations

from lbgen.finding import Severity
from lbgen.lint.rule import Rule, Subject
from lbgen.lint.rules.ports import port_clash, port_clash_reserved

RULES: tuple[Rule, ...] = (
    Rule("port-clash", Severity.ERROR, Subject.FLEET, port_clash),
    Rule("port-clash-reserved", Severity.ERROR, Subject.FLEET, port_clash_reserved),
)
