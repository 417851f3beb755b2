"""Health checks and deployment."""

from __future__ import annotations

from lbgen.finding import Severity
from lbgen.lint.rule import Fixing, Rule, Subject
from lbgen.lint.rules.health import check_mismatch, check_number, check_path_unsafe, deployment_labels

RULES: tuple[Rule, ...] = (
    Rule("check-mismatch", Severity.WARNING, Subject.APP, check_mismatch),
    Rule("check-path-unsafe", Severity.ERROR, Subject.APP, check_path_unsafe, Fixing.SOMETIMES),
    Rule("check-number", Severity.ERROR, Subject.APP, check_number),
    Rule("deployment-labels", Severity.ERROR, Subject.FLEET, deployment_labels, Fixing.SOMETIMES),
)
