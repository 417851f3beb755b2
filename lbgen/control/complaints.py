"""What HAProxy complains about in all that it writes: its warnings and alerts."""

from __future__ import annotations

import re

from lbgen.regex import regex

_COMPLAINT = regex(r"^\[(?:ALERT|WARNING)\].*(?:\n[ ]+\|.*)*", re.MULTILINE)
_ALERT = regex(r"^\[ALERT\][ ]*(?:\d+/\d+ )?\(\d+\) : (.*(?:\n[ ]+\|.*)*)", re.MULTILINE)


def complaints(log: str) -> list[str]:
    """The warnings and alerts of a log, each with its continued lines."""
    return _COMPLAINT.findall(log)


def alerts(log: str) -> list[str]:
    """What the alerts of a log say, without time and pid, each once and with its continued lines."""
    return list(dict.fromkeys(_ALERT.findall(log)))
