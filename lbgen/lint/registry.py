"""All rules, in the order of their codes, and how they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.rules import (
    files,
    health,
    http,
    names,
    pools,
    ports,
    routing,
    security,
    templates,
    told,
    values,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.lint.rule import Rule

_FAMILIES = (values, ports, names, routing, templates, security, http, health, files, pools, told)

RULES: tuple[Rule, ...] = tuple(sorted((rule for family in _FAMILIES for rule in family.RULES), key=lambda it: it.code))
BY_NAME: Mapping[str, Rule] = {rule.name: rule for rule in RULES}
BY_CODE: Mapping[str, Rule] = {rule.code: rule for rule in RULES}
