"""What people get wrong in YAML, and the sentence about each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lbgen.source.jsonslips import found
from lbgen.source.slip import Slip

if TYPE_CHECKING:
    from yaml.error import MarkedYAMLError

# What PyYAML says (context and problem, the first row that fits), what we say of it, and what to do.
_KNOWN = (
    (r"mapping values", "expected the end of the value, found ':'", "put a value that holds ': ' into quotes"),
    (r"sequence entries", "expected a value, found '-'", "a list begins on a line of its own"),
    (r"character '\\t'", "expected spaces, found a tab", "YAML is indented by spaces only"),
    (r"character '[@`%]'", "expected a value, found {}", "put a value that begins with it into quotes"),
    (
        r"undefined alias",
        "expected an alias of an anchor before it, found {}",
        "put a value that begins with * into quotes",
    ),
    (r"duplicate anchor", "expected a new anchor, found {}, which there is already", "give each anchor its own name"),
    (r"quoted scalar.*end of stream", "expected a closing quote, found the end of the text", ""),
    (r"quoted scalar.*hexadecimal", "expected hexadecimal digits after the backslash, found {}", ""),
    (r"quoted scalar.*escape", "expected an escape that YAML knows, found {}", "a backslash itself is written \\\\"),
    (r"incompatible YAML", "expected YAML 1.2 or 1.1, found another version", ""),
    (r"node content", "expected a value, found {}", "put a value that begins with it into quotes"),
    (r"',' or '}'", "expected ',' or '}}' after a member, found {}", ""),
    (r"',' or '\]'", "expected ',' or ']' after an element, found {}", ""),
    (r"block mapping", "expected a key at the indentation of the others, found {}", ""),
    (r"block collection", "expected '-' at the indentation of the others, found {}", ""),
    (r"document start", "expected '---' after a directive, found {}", ""),
    (r"could not find expected ':'", "expected ':' after a key, found {}", ""),
)


def explain(text: str, error: MarkedYAMLError) -> Slip:
    """The slip that PyYAML's error tells of, in our words, where it is one of those that are known."""
    mark = error.problem_mark or error.context_mark
    offset = min(mark.index if mark else 0, len(text))
    said = f"{error.context}: {error.problem}"
    for pattern, sentence, advice in _KNOWN:
        if re.search(pattern, said):
            if "closing quote" in sentence and error.context_mark:
                offset = error.context_mark.index
            return Slip(offset, sentence.format(found(text, offset)), advice if text[offset:].strip() else "")
    return Slip(offset, f"this is not YAML: {error.problem}")
