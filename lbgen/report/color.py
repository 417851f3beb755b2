"""Colours of a terminal: whether they are wanted, and how a text gets one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

BOLD = "1"
FRAME = "1;34"
SEVERITY = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}


def wants_color(stream: TextIO, environ: Mapping[str, str], flag: bool | None = None) -> bool:
    """True where the output gets colours; `flag` is what the user said on the command line, None if nothing.

    Without it NO_COLOR counts, then FORCE_COLOR, each where it is not empty, then whether the stream is a terminal
    that knows colours.
    """
    if flag is not None:
        return flag
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and environ.get("TERM") != "dumb"


def paint(text: str, style: str, color: bool) -> str:
    """The text in a style, where colours are wanted and there is something to colour."""
    return f"\x1b[{style}m{text}\x1b[0m" if color and text else text


def wants_links(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """True where the output goes to a terminal that makes links of OSC 8; FORCE_HYPERLINK has the last word."""
    forced = environ.get("FORCE_HYPERLINK")
    if forced:
        return forced != "0"
    if not stream.isatty() or environ.get("TERM") == "dumb" or environ.get("NO_COLOR"):
        return False
    vte = environ.get("VTE_VERSION", "")
    known = (
        environ.get("TERM_PROGRAM") in _LINKING_PROGRAMS,
        environ.get("TERM", "") in _LINKING_TERMS,
        vte.isdecimal() and int(vte) >= 5000,
        any(name in environ for name in ("WT_SESSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "DOMTERM")),
    )
    return any(known)


_LINKING_PROGRAMS = frozenset({"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio"})
_LINKING_TERMS = frozenset({"xterm-kitty", "alacritty", "foot", "foot-extra", "xterm-ghostty", "contour"})


def link(text: str, url: str) -> str:
    """The text as a link of a terminal (OSC 8)."""
    return f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\"
