"""Values and shape of apps."""

from __future__ import annotations

from lbgen.finding import Severity
from lbgen.lint.rule import Fixing, Rule, Subject
from lbgen.lint.rules.values import label_bool_unknown

RULES: tuple[Rule, ...] = (
    Rule("label-bool-unknown", Severity.WARNING, Subject.APP, label_bool_unknown, Fixing.SOMETIMES),
)
