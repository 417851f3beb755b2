"""When the output gets colours, and links: a row per case."""

from __future__ import annotations

import io

import pytest

from lbgen.report import wants_color, wants_links


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


TERMINAL, FILE = Terminal(), io.StringIO()


@pytest.mark.parametrize(
    ("stream", "environ", "flag", "wanted"),
    [
        (TERMINAL, {}, None, True),
        (FILE, {}, None, False),
        (TERMINAL, {"TERM": "dumb"}, None, False),
        (TERMINAL, {"NO_COLOR": "1"}, None, False),
        (TERMINAL, {"NO_COLOR": ""}, None, True),
        (FILE, {"FORCE_COLOR": "1"}, None, True),
        (FILE, {"FORCE_COLOR": ""}, None, False),
        (FILE, {"FORCE_COLOR": "1", "TERM": "dumb"}, None, True),
        (FILE, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, None, False),
        (FILE, {"NO_COLOR": "1"}, True, True),
        (TERMINAL, {"FORCE_COLOR": "1"}, False, False),
    ],
)
def test_wants_color(stream: io.StringIO, environ: dict[str, str], flag: bool | None, wanted: bool) -> None:
    assert wants_color(stream, environ, flag) is wanted


@pytest.mark.parametrize(
    ("stream", "environ", "wanted"),
    [
        (TERMINAL, {}, False),
        (TERMINAL, {"TERM": "xterm-256color"}, False),
        (TERMINAL, {"TERM_PROGRAM": "WezTerm"}, True),
        (TERMINAL, {"TERM_PROGRAM": "Apple_Terminal"}, False),
        (TERMINAL, {"TERM": "xterm-kitty"}, True),
        (TERMINAL, {"VTE_VERSION": "7200"}, True),
        (TERMINAL, {"VTE_VERSION": "4800"}, False),
        (TERMINAL, {"VTE_VERSION": "new"}, False),
        (TERMINAL, {"WT_SESSION": "x"}, True),
        (TERMINAL, {"WT_SESSION": "x", "TERM": "dumb"}, False),
        (TERMINAL, {"WT_SESSION": "x", "NO_COLOR": "1"}, False),
        (FILE, {"WT_SESSION": "x"}, False),
        (FILE, {"FORCE_HYPERLINK": "1"}, True),
        (TERMINAL, {"WT_SESSION": "x", "FORCE_HYPERLINK": "0"}, False),
    ],
)
def test_wants_links(stream: io.StringIO, environ: dict[str, str], wanted: bool) -> None:
    assert wants_links(stream, environ) is wanted
