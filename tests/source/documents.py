"""Documents for tests, made of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lbgen.errors import InputError
from lbgen.source import Document, load

if TYPE_CHECKING:
    from lbgen.origin import Span
    from lbgen.source.document import Kind


def document(text: str, kind: Kind = "json") -> Document:
    return Document("app.json", text, text.encode(), kind)


def refusal(text: str, kind: Kind = "json") -> str:
    """Line, column, sentence and help of the error that loading the text raises."""
    with pytest.raises(InputError) as caught:
        load(document(text, kind))
    origin = caught.value.origin
    assert origin is not None
    assert origin.document == "app.json"
    assert origin.position is not None
    line, column = origin.position
    advice = f" ({caught.value.help})" if caught.value.help else ""
    return f"{line}:{column} {caught.value}{advice}"


def cut(text: str, span: Span | None) -> str:
    """The text that the span stands for."""
    assert span is not None
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    start, end = (starts[place.line - 1] + place.column - 1 for place in span)
    return text[start:end]
