"""What `lbgen lint` writes: the findings in their format, or how many there are of each rule."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from contextlib import contextmanager, suppress
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from lbgen.cli.streams import results
from lbgen.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lbgen.pipeline.linting import Linted


def report(linted: Linted, given: Mapping[str, Any], *, told: bool = False) -> None:
    """Writes to standard output, or to the file that is wanted. Raises ToolError where nothing can be written.

    Where standard output is taken by something else, it is `told` on standard error.
    """
    with _stream(given["output_file"], told) as stream:
        if given["statistics"]:
            stream.writelines(f"{line}\n" for line in _statistics(linted, given))
        else:
            _findings(linted, given, stream)


@contextmanager
def _stream(path: str | None, told: bool) -> Iterator[TextIO]:
    if path is None and told:
        with suppress(OSError):
            yield sys.stderr
        return
    if path is None:
        with results() as stream:
            yield stream
        return
    from lbgen.pipeline.output import write_files

    text = StringIO()
    yield text
    write_files({Path(path): text.getvalue()})


def _format(given: Mapping[str, Any]) -> str:
    """The format that is asked for; within GitHub's Actions its own, unless it goes to a file."""
    if given["format_"] is not None:
        return str(given["format_"])
    actions = os.environ.get("GITHUB_ACTIONS") == "true" and given["output_file"] is None
    return "github" if actions and not given["statistics"] else "text"


def _findings(linted: Linted, given: Mapping[str, Any], stream: TextIO) -> None:
    from lbgen import report as reporters
    from lbgen.lint.pages import local_document, pages
    from lbgen.report.color import wants_links

    format_ = _format(given)
    flag = {"auto": None, "always": True, "never": False}[given["color"]]
    links = format_ == "text" and flag is not False and wants_links(stream, os.environ)
    # Where a team keeps its docs; the file on this machine is of use on this machine only.
    document = os.environ.get("LBGEN_DOCS_URL") or (local_document() if links else "")
    needed = [finding.rule for finding in linted.findings] if document or format_ in {"sarif", "junit"} else []
    reporters.write(
        linted.findings,
        linted.documents,
        stream,
        format=format_,
        color=format_ == "text" and reporters.wants_color(stream, os.environ, flag),
        base=_root(),
        fold=not given["verbose"],
        rules=pages([*needed, *(each.finding.rule for each in linted.suppressed if needed)], document),
        links=links,
        suppressed=linted.suppressed,
    )


def _root() -> Path:
    """The root of the repository that we are in, or the current directory."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)


def _statistics(linted: Linted, given: Mapping[str, Any]) -> Iterator[str]:
    """A line for each rule: how many findings it has, and how many of them can be fixed; the most first."""
    format_ = _format(given)
    if format_ not in {"text", "concise", "json"}:
        raise UsageError(f"--statistics goes with --format text, concise or json, not with {format_}")
    counts = Counter(finding.rule for finding in linted.findings)
    codes = {finding.rule: finding.code for finding in linted.findings}
    fixable = Counter(finding.rule for finding in linted.findings if finding.fix is not None)
    ordered = sorted(counts, key=lambda rule: (-counts[rule], codes[rule], rule))
    if format_ == "json":
        found = [
            {"code": codes[rule], "rule": rule, "count": counts[rule], "fixable": fixable[rule]} for rule in ordered
        ]
        yield json.dumps({"version": 1, "statistics": found}, indent=2)
        return
    for rule in ordered:
        mark = f"  ({fixable[rule]:,} fixable)" if fixable[rule] else ""
        yield f"{counts[rule]:>7,}  {codes[rule]:<6}  {rule}{mark}"
