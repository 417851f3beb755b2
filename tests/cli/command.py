"""Running the command line inside the test, with what it prints and how it ends."""

from __future__ import annotations

import sys
from io import BytesIO, TextIOWrapper
from typing import TYPE_CHECKING, NamedTuple

import pytest

from lbgen.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable


class Ended(NamedTuple):
    """What a command printed, and its exit status."""

    out: str
    err: str
    status: int


Run = "Callable[..., Ended]"


def runner(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """A function that runs `lbgen` with these arguments."""

    def run(*arguments: object, stdin: bytes = b"") -> Ended:
        monkeypatch.setattr(sys, "argv", ["lbgen", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Ended(said.out, said.err, int(ended.value.code or 0))

    return run
