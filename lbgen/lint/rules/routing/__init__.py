"""Routing."""

from __future__ import annotations

from lbgen.finding import Severity
from lbgen.lint.rule import Fixing, Rule, Subject
from lbgen.lint.rules.routing import (
    group_unknown,
    label_needs_vhost,
    map_rule_replaced,
    path_syntax,
    vhost_malformed,
    vhost_wildcard,
)

RULES: tuple[Rule, ...] = (
    Rule("path-syntax", Severity.WARNING, Subject.APP, path_syntax, Fixing.SOMETIMES),
    Rule("vhost-malformed", Severity.ERROR, Subject.APP, vhost_malformed, Fixing.SOMETIMES),
    Rule("vhost-wildcard", Severity.WARNING, Subject.APP, vhost_wildcard),
    Rule("label-needs-vhost", Severity.WARNING, Subject.APP, label_needs_vhost),
    Rule("map-rule-replaced", Severity.ERROR, Subject.APP, map_rule_replaced),
    Rule("group-unknown", Severity.WARNING, Subject.FLEET, group_unknown, Fixing.SOMETIMES),
)
