"""A line that says what takes so long: on a terminal only, and only after half a second."""

from __future__ import annotations

import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_SECONDS = 0.5


@contextmanager
def progress(sentence: str, stream: TextIO | None = None, *, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Shows the sentence while the block runs, if it takes longer than `patience` seconds, and takes it away again."""
    stream = sys.stderr if stream is None else stream
    if not stream.isatty():
        yield
        return
    from threading import Timer

    shown: list[bool] = []
    timer = Timer(patience, lambda: shown.append(_show(stream, f"\r{sentence} ")))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        if any(shown):
            _show(stream, "\r\x1b[K")


def _show(stream: TextIO, text: str) -> bool:
    with suppress(OSError, ValueError):
        stream.write(text)
        stream.flush()
        return True
    return False
