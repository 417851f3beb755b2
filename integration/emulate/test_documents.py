"""What the documents show of `lbgen emulate` is what it prints, but for ports, versions and temporary names."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.console import ROOT, Session, sessions

if TYPE_CHECKING:
    from collections.abc import Iterator

_SESSIONS = [each for each in (*sessions(), *sessions("docs/emulate.md")) if each.arguments[0] == "emulate"]


def told(text: str) -> str:
    """The text without what differs from machine to machine."""
    return "".join(f"{line}\n" for line in _lines(text))


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        # Which ports are taken is another machine's business.
        if re.match(r" +\d+ -> ", line):
            continue
        tool = re.sub(r"^(?:HAProxy \S+ at|image) \S+ runs", "HAProxy runs", line)
        yield re.sub(r"\S+/lbgen-emulate-\w+", "DIRECTORY", re.sub(r":\d{4,5}\b(?=[/: ])", ":PORT", tool))


def test_there_is_something_to_show() -> None:
    assert len(_SESSIONS) == 2


@pytest.mark.parametrize("session", _SESSIONS, ids=str)
def test_output_is_what_the_command_prints(how: list[str], session: Session) -> None:
    command = [sys.executable, "-m", "lbgen", *session.arguments, *how]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert Session((), told(session.output)).matches(told(done.stdout)), done.stdout
