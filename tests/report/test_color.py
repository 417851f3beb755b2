"""When the output gets colours: a row per case."""

from __future__ import annotations

import io

import pytest

from lbgen.report import wants_color


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
