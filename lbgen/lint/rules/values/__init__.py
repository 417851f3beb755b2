"""Values and shape of apps."""

from __future__ import annotations

from lbgen.finding import Severity
from lbgen.lint.rule import Fixing, Rule, Subject
from lbgen.lint.rules.values import (
    app_shape,
    auth_malformed,
    auth_not_a_hash,
    label_bool_unknown,
    label_in_vain,
    label_index_range,
    label_not_integer,
    label_unknown,
    label_whitespace,
    network_acl_invalid,
    value_not_allowed,
)

RULES: tuple[Rule, ...] = (
    Rule("label-unknown", Severity.WARNING, Subject.APP, label_unknown, Fixing.UNSAFE),
    Rule("label-index-range", Severity.WARNING, Subject.APP, label_index_range, Fixing.UNSAFE),
    Rule("label-not-integer", Severity.ERROR, Subject.APP, label_not_integer, Fixing.SOMETIMES),
    Rule("label-bool-unknown", Severity.WARNING, Subject.APP, label_bool_unknown, Fixing.SOMETIMES),
    Rule("label-whitespace", Severity.WARNING, Subject.APP, label_whitespace, Fixing.SAFE),
    Rule("auth-malformed", Severity.ERROR, Subject.APP, auth_malformed),
    Rule("auth-not-a-hash", Severity.ERROR, Subject.APP, auth_not_a_hash),
    Rule("value-not-allowed", Severity.ERROR, Subject.APP, value_not_allowed, Fixing.SOMETIMES),
    Rule("network-acl-invalid", Severity.ERROR, Subject.APP, network_acl_invalid, Fixing.SOMETIMES),
    Rule("app-shape", Severity.ERROR, Subject.FLEET, app_shape, Fixing.SOMETIMES),
    Rule("label-in-vain", Severity.WARNING, Subject.APP, label_in_vain),
)
