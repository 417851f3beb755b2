"""Large JSON texts, indented, in a tenth of the time that the standard library takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticSerializationError, to_json

from lbgen.regex import regex

if TYPE_CHECKING:
    import re

# Of what stands in strings, line feeds are escaped already.
_NOT_ASCII = regex(r"[^ -~\n]")


def dumped(value: Any) -> str:
    """What `json.dumps(value, indent=2)` returns, in ASCII: not every stream takes every character of a user's text."""
    try:
        text = to_json(value, indent=2).decode()
    except PydanticSerializationError:
        # Half a surrogate pair.
        return json.dumps(value, indent=2)
    return text if text.isascii() and "\x7f" not in text else _NOT_ASCII.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]
