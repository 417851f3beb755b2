"""The standard streams: results go to one, all else to the other, and either may be full, or closed, or have no reader.

What cannot be told must not stop a result; a result that cannot be written is an error.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from lbgen.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator


class OutputClosed(Exception):  # noqa: N818 - whoever read our output has had enough, which is no error of anybody's
    """Standard output leads nowhere any more."""


def begin() -> None:
    """Gives what is told a place to go to, even where standard error is closed."""
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - it stays open


def say(line: str) -> None:
    """Tells the line on standard error, if anybody listens there."""
    with suppress(OSError):
        click.echo(line, err=True)


@contextmanager
def results() -> Iterator[TextIO]:
    """Standard output, flushed at the end.

    Raises OutputClosed where nobody reads it any more, ToolError where it takes nothing.
    """
    if sys.stdout is None:
        raise ToolError("cannot write to standard output: it is closed")
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:
        raise OutputClosed from None
    except OSError as error:
        raise ToolError(f"cannot write to standard output: {error.strerror}") from None


def put(text: str) -> None:
    """Writes a result to standard output: as UTF-8, whatever this terminal's encoding is. Raises as `results` does."""
    with results():
        click.echo(text.encode(), nl=False)


def settle() -> None:
    """Ends both streams: what cannot be written is given up, so that the interpreter does not complain at its end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
