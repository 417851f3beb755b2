"""Runs the real HAProxy on a configuration, by a binary or in a container, and says whom its answers concern."""

from lbgen.check.ask import How, check
from lbgen.check.findings import findings
from lbgen.check.verdict import LocatedMessage, Verdict

__all__ = ["How", "LocatedMessage", "Verdict", "check", "findings"]
