"""Security."""

from __future__ import annotations

from lbgen.finding import Severity
from lbgen.lint.rule import Fixing, Rule, Subject
from lbgen.lint.rules.security import (
    auth_no_effect,
    auth_side_door,
    clear_text_door,
    client_certificate_lent,
    control_character,
    control_endpoint_open,
    dangerous_directive,
    env_expansion,
    format_abuse,
    regex_unescaped,
    secret_in_label,
    section_in_template,
    weak_hash,
)

RULES: tuple[Rule, ...] = (
    Rule("control-character", Severity.ERROR, Subject.APP, control_character, Fixing.SAFE),
    Rule("section-in-template", Severity.ERROR, Subject.APP, section_in_template),
    Rule("dangerous-directive", Severity.ERROR, Subject.APP, dangerous_directive),
    Rule("env-expansion", Severity.ERROR, Subject.APP, env_expansion, Fixing.UNSAFE),
    Rule("format-abuse", Severity.ERROR, Subject.APP, format_abuse),
    Rule("auth-side-door", Severity.ERROR, Subject.APP, auth_side_door),
    Rule("auth-no-effect", Severity.ERROR, Subject.APP, auth_no_effect),
    Rule("weak-hash", Severity.WARNING, Subject.FLEET, weak_hash),
    Rule("secret-in-label", Severity.WARNING, Subject.APP, secret_in_label),
    Rule("control-endpoint-open", Severity.WARNING, Subject.FLEET, control_endpoint_open),
    Rule("clear-text-door", Severity.WARNING, Subject.APP, clear_text_door, Fixing.UNSAFE),
    Rule("regex-unescaped", Severity.ERROR, Subject.APP, regex_unescaped, Fixing.SOMETIMES),
    Rule("client-certificate-lent", Severity.WARNING, Subject.CONFIG, client_certificate_lent),
)
