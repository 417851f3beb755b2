"""Manual pages of rules, for those who report findings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lbgen.finding import RulePage
from lbgen.lint.manual import anchor
from lbgen.lint.registry import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lbgen.lint.rule import Rule


def pages(names: Iterable[str], document: str = "") -> dict[str, RulePage]:
    """The pages of these rules, by name; rules that are not in the registry have none.

    `document` is the URL of the document that has all of them, if there is one.
    """
    rules = [BY_NAME[name] for name in sorted(set(names)) if name in BY_NAME]
    return {rule.name: _page(rule, document) for rule in rules}


def _page(rule: Rule, document: str) -> RulePage:
    url = f"{document}#{anchor(rule)}" if document else ""
    return RulePage(rule.name, rule.code, rule.severity, rule.summary, rule.page, url)


def local_document() -> str:
    """The URL of the rules' document on this machine, within the package or the checkout; empty where it is missing."""
    package = Path(__file__).resolve().parent.parent
    found = (path for path in (package / "_docs" / "rules.md", package.parent / "docs" / "rules.md") if path.is_file())
    return next((path.as_uri() for path in found), "")
