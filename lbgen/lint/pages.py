"""Manual pages of rules, for those who report findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import RulePage
from lbgen.lint.registry import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable


def pages(names: Iterable[str]) -> dict[str, RulePage]:
    """The pages of these rules, by name; rules that are not in the registry have none."""
    rules = [BY_NAME[name] for name in sorted(set(names)) if name in BY_NAME]
    return {rule.name: RulePage(rule.name, rule.code, rule.severity, rule.summary, rule.page) for rule in rules}
