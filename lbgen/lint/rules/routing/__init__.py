"""Routing."""

from __future__ import annotations

from lbgen.finding import Severity
from lbgen.lint.rule import Fixing, Rule, Subject
from lbgen.lint.rules.routing import (
    auth_covers_route,
    conditions_exclude_each_other,
    duplicate_vhost,
    group_unknown,
    label_needs_vhost,
    map_rule_replaced,
    path_prefix_segment,
    path_shadowed,
    path_syntax,
    redirect_covers_route,
    vhost_malformed,
    vhost_wildcard,
    vhost_with_port,
)

RULES: tuple[Rule, ...] = (
    Rule("duplicate-vhost", Severity.ERROR, Subject.FLEET, duplicate_vhost),
    Rule("path-shadowed", Severity.ERROR, Subject.FLEET, path_shadowed),
    Rule("path-prefix-segment", Severity.WARNING, Subject.FLEET, path_prefix_segment),
    Rule("redirect-covers-route", Severity.ERROR, Subject.FLEET, redirect_covers_route),
    Rule("auth-covers-route", Severity.WARNING, Subject.FLEET, auth_covers_route),
    Rule("conditions-exclude-each-other", Severity.WARNING, Subject.FLEET, conditions_exclude_each_other),
    Rule("path-syntax", Severity.WARNING, Subject.APP, path_syntax, Fixing.SOMETIMES),
    Rule("vhost-malformed", Severity.ERROR, Subject.APP, vhost_malformed, Fixing.SOMETIMES),
    Rule("vhost-wildcard", Severity.WARNING, Subject.APP, vhost_wildcard),
    Rule("label-needs-vhost", Severity.WARNING, Subject.APP, label_needs_vhost),
    Rule("map-rule-replaced", Severity.ERROR, Subject.APP, map_rule_replaced),
    Rule("group-unknown", Severity.WARNING, Subject.FLEET, group_unknown, Fixing.SOMETIMES),
    Rule("vhost-with-port", Severity.INFO, Subject.APP, vhost_with_port, pedantic=True),
)
