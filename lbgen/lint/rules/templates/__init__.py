"""Templates that labels and operators replace."""

from __future__ import annotations

from lbgen.finding import Severity
from lbgen.lint.rule import Fixing, Rule, Subject
from lbgen.lint.rules.templates import (
    directive_removed,
    directive_unknown,
    directive_wrong_section,
    global_template_ref,
    head_outdated,
    template_braces,
    template_drops,
    template_empty_half,
    template_newline,
    template_placeholder,
    template_unused,
)

RULES: tuple[Rule, ...] = (
    Rule("template-placeholder", Severity.ERROR, Subject.APP, template_placeholder, Fixing.UNSAFE),
    Rule("template-braces", Severity.ERROR, Subject.APP, template_braces, Fixing.SAFE),
    Rule("template-newline", Severity.ERROR, Subject.APP, template_newline, Fixing.SOMETIMES),
    Rule("template-unused", Severity.WARNING, Subject.APP, template_unused, Fixing.UNSAFE),
    Rule("template-drops", Severity.WARNING, Subject.APP, template_drops, Fixing.SOMETIMES),
    Rule("template-empty-half", Severity.ERROR, Subject.APP, template_empty_half, Fixing.SOMETIMES),
    Rule("directive-wrong-section", Severity.WARNING, Subject.CONFIG, directive_wrong_section, Fixing.UNSAFE),
    Rule("directive-removed", Severity.ERROR, Subject.CONFIG, directive_removed, Fixing.SOMETIMES),
    Rule("global-template-ref", Severity.ERROR, Subject.FLEET, global_template_ref),
    Rule("head-outdated", Severity.ERROR, Subject.FLEET, head_outdated, Fixing.SAFE),
    Rule("directive-unknown", Severity.ERROR, Subject.CONFIG, directive_unknown, Fixing.UNSAFE),
)
