"""The regular expressions of rules, which Edge-LB reads as Go does and HAProxy as Perl does."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

from lbgen.edgelb import re2
from lbgen.edgelb.globs import mended
from lbgen.edgelb.said import Said, warning

if TYPE_CHECKING:
    from collections.abc import Iterator


def expression(pointer: str, text: str) -> Iterator[Said]:
    """What is wrong with the expression: a fault where nobody could read it, a warning where only Go cannot."""
    bad = re2.problem(text)
    if bad is None:
        return
    if _compiles(text):
        message = f'"{text:.60}" is no regular expression of Go: {bad}'
        yield warning("bad-pattern", pointer, message, "Edge-LB 1.3.1 and later refuse it")
    else:
        help_ = "a glob's * is .* here" if text.startswith("*") else ""
        message = f'"{text:.60}" is no regular expression: {bad}'
        yield Said("bad-pattern", pointer, message, help_, fix=mended(pointer, text))


def _compiles(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            re.compile(text)
        except (re.error, OverflowError, RecursionError):
            return False
    return True
