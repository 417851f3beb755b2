"""The table of reporters, and the one function that writes."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from lbgen.report.folding import folded
from lbgen.report.places import Report, placed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import TextIO

    from lbgen.finding import Finding, RulePage, Suppressed
    from lbgen.source import Document

    Reporter = Callable[[Report], Iterator[str]]


def _reporter(module: str, name: str) -> Reporter:
    """The reporter of this name in a module, which is imported when somebody wants what it writes."""

    def write_as(report: Report) -> Iterator[str]:
        made: Reporter = getattr(import_module(f"lbgen.report.{module}"), name)
        return made(report)

    return write_as


REPORTERS: dict[str, Reporter] = {
    "text": _reporter("text", "text"),
    "concise": _reporter("concise", "concise"),
    "json": _reporter("as_json", "as_json"),
    "sarif": _reporter("sarif", "sarif"),
    "github": _reporter("github", "github"),
    "junit": _reporter("junit", "junit"),
}
_FOR_PEOPLE = frozenset({"text", "concise"})


def write(
    findings: Iterable[Finding],
    documents: Mapping[str, Document],
    stream: TextIO,
    *,
    format: str = "text",
    color: bool = False,
    base: Path | None = None,
    fold: bool = False,
    rules: Mapping[str, RulePage] | None = None,
    links: bool = False,
    suppressed: Sequence[Suppressed] = (),
) -> None:
    """Write the findings to the stream in one of the formats of REPORTERS, always in the same order.

    `documents` holds the inputs by the names that origins use, in the order in which they are reported. `color` is
    for the text format. `base`, an absolute path, is what SARIF and GitHub name files relative to. With `fold`, people
    are told many findings of one kind by their number; programs get them all. `rules` are the manual pages by the names
    of rules; `links` is for the text format. `suppressed` are findings that only SARIF shows.
    """
    found = placed(findings, documents)
    all_ = found
    if suppressed:
        all_ = placed([*(each.finding for each in found), *(each.finding for each in suppressed)], documents)
    if fold and format in _FOR_PEOPLE:
        found = tuple(folded(found))
    report = Report(found, documents, color, base, rules or {}, links, tuple(suppressed), all_)
    # A character that the stream cannot take must not hide what is to be said.
    encoding = getattr(stream, "encoding", None) or "utf-8"
    for line in REPORTERS[format](report):
        stream.write(f"{line}\n".encode(encoding, "backslashreplace").decode(encoding))
