"""Health checks and deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lbgen.lint.rule import Rule

RULES: tuple[Rule, ...] = ()
