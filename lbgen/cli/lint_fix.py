"""`lbgen lint --fix` and `--diff`: what is mended, where it goes, and what is said of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from lbgen.cli.streams import put, results
from lbgen.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

    from lbgen.pipeline.fixing import Fixed
    from lbgen.pipeline.linting import Linted


def wanted(given: Mapping[str, Any]) -> bool:
    """Whether anything is to be mended; raises UsageError where the options do not go together."""
    fixes = bool(given["fix"] or given["diff"])
    if given["unsafe_fixes"] and not fixes:
        raise UsageError("--unsafe-fixes goes with --fix or --diff")
    if fixes and given["write_baseline"]:
        raise UsageError("--write-baseline does not go with --fix or --diff: fix first, then write what is left")
    if fixes and given["statistics"]:
        raise UsageError("--statistics does not go with --fix or --diff: fix first, then count what is left")
    return fixes


def fixed(lint: Callable[[], Linted], given: Mapping[str, Any], running: Container[str]) -> Fixed:
    """What `lint` finds once all is mended that can be; documents that are `running` already stay as they are."""
    from lbgen.pipeline.fixing import lint_and_fix

    return lint_and_fix(lint, unsafe=given["unsafe_fixes"], untouched=running)


def write(done: Fixed, given: Mapping[str, Any]) -> str:
    """Writes what is mended, standard input to standard output; returns what is to be said. Raises ToolError."""
    from lbgen.pipeline.fixing import write_files_of

    write_files_of(done, but=stdin_name(given))
    if stdin_name(given) in done.before:
        put(done.text(stdin_name(given)))
    return _sentence(done, "fixed")


def show(done: Fixed, given: Mapping[str, Any]) -> str:
    """Shows on standard output what would change, and tells of fixes that failed; returns what is to be said."""
    from lbgen.cli.telling import tell
    from lbgen.report import wants_color
    from lbgen.report.diff import unified

    flag = {"auto": None, "always": True, "never": False}[given["color"]]
    with results() as stream:
        color, safe = wants_color(stream, os.environ, flag), stream.isatty()
        for name, text in sorted(done.after.items()):
            lines = "".join(unified(name, done.before[name].text, text, color=color, safe=safe))
            put(lines)
    tell(done.mistakes, done.before, {**given, "quiet": False})
    return _sentence(done, "would be fixed")


def stdin_name(given: Mapping[str, Any]) -> str:
    """What the document from standard input is called."""
    return str(given["stdin_filename"] or "<stdin>")


def _sentence(done: Fixed, what: str) -> str:
    """As in `3 findings in 2 files are fixed`."""
    if not done.after:
        return "nothing can be fixed" if what != "fixed" else "nothing is fixed"
    findings, files = (_counted(count, noun) for count, noun in ((done.number, "finding"), (len(done.after), "file")))
    verb = "" if what != "fixed" else "is " if done.number == 1 else "are "
    return f"{findings} in {files} {verb}{what}"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
