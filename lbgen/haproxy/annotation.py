"""The comments with which lbgen marks the lines of a haproxy.cfg: which app and label a line comes from."""

from __future__ import annotations

from urllib.parse import quote, unquote

from lbgen.dataclass import dataclass
from lbgen.haproxy.words import read_line
from lbgen.regex import regex

_MARK = regex(r"(?:^|\s)# lbgen: (?P<pairs>\S+=\S*(?: \S+=\S*)*)\s*$")
_KEPT = "/!$&'()*+,-.:;<=>?@[]^_`{|}~\"\\"


@dataclass(frozen=True, slots=True)
class Annotation:
    """What the comment of a line says: the id of an app, and the name of its label if a label made the line."""

    app: str
    label: str | None = None


def annotate_line(line: str, app: str, label: str | None = None) -> str:
    """The line with its origin in a comment; unchanged where a comment would not be one.

    That is: no blank line, and none that ends in a backslash.
    """
    return marked(line, app=app, label=label)


def marked(line: str, **pairs: str | None) -> str:
    """The line with these words in a comment, as `annotate_line` puts them; a word without a value is left out."""
    if not line.strip() or line.endswith("\\"):
        return line
    # Marathon's own ids and labels pass unchanged; anything that could end a word or a line is percent-encoded.
    words = " ".join(f"{name}={quote(value, safe=_KEPT)}" for name, value in pairs.items() if value)
    return f"{line}  # lbgen: {words}"


def annotation(line: str) -> Annotation | None:
    """What the comment at the end of the line says about its origin, or None where it says nothing."""
    match = _MARK.search(line)
    if match is None or not _in_comment(line, match.start("pairs")):
        return None
    pairs = dict(pair.split("=", 1) for pair in match["pairs"].split(" "))
    app = pairs.get("app")
    if app is None:
        return None
    label = pairs.get("label")
    return Annotation(unquote(app), unquote(label) if label else None)


def _in_comment(line: str, at: int) -> bool:
    """Whether offset `at` belongs to a comment; a line that cannot be read counts as if it could."""
    lexed = read_line(line)
    return lexed.error is not None or (lexed.comment is not None and lexed.comment < at)
