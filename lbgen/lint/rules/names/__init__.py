"""Names."""

from __future__ import annotations

from lbgen.finding import Severity
from lbgen.lint.rule import Fixing, Rule, Subject
from lbgen.lint.rules.names import (
    acl_name_collision,
    duplicate_server,
    name_refused,
    section_name_collision,
    server_name_repeated,
)

RULES: tuple[Rule, ...] = (
    Rule("section-name-collision", Severity.ERROR, Subject.FLEET, section_name_collision),
    Rule("acl-name-collision", Severity.ERROR, Subject.FLEET, acl_name_collision),
    Rule("duplicate-server", Severity.ERROR, Subject.FLEET, duplicate_server, Fixing.SAFE),
    Rule("server-name-repeated", Severity.ERROR, Subject.APP, server_name_repeated, Fixing.UNSAFE),
    Rule("name-refused", Severity.ERROR, Subject.CONFIG, name_refused),
)
