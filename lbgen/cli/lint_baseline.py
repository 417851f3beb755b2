"""The baseline of `lbgen lint`: read before, and written in place of a report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lbgen.cli.lint_wanted import baseline_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.config import Settings
    from lbgen.lint.baseline import Baseline
    from lbgen.pipeline.linting import Linted


def read(given: Mapping[str, Any], settings: Settings) -> Baseline | None:
    """The baseline that is to be heeded, if there is one.

    Raises InputError where it cannot be read, unless it is to be written and is not there.
    """
    path = baseline_of(given, settings)
    if path is None or (given["write_baseline"] and not path.exists()):
        return None
    from lbgen import source
    from lbgen.lint.baseline import read_baseline

    return read_baseline(source.read(path))


def write(linted: Linted, given: Mapping[str, Any], settings: Settings, before: Baseline | None) -> str:
    """Writes all that was found, and keeps what this run could not find again; returns a sentence about it.

    Raises ToolError where the file cannot be written.
    """
    from lbgen.lint.baseline import as_text, entries_of
    from lbgen.pipeline.lint_filters import prints
    from lbgen.pipeline.output import write_files

    path = baseline_of(given, settings)
    assert path is not None  # it raises without one  # noqa: S101
    by_finding = prints(linted.all, str(path))
    found = list(entries_of(linted.all, lambda finding: by_finding[finding]))
    kept = [] if before is None else [entry for entry in before.entries if entry not in linted.judged]
    write_files({Path(path): as_text([*found, *kept])})
    gone = 0 if before is None else len({each.fingerprint for each in linted.judged} - {it.fingerprint for it in found})
    dropped = f", {gone:,} dropped that {'is' if gone == 1 else 'are'} gone" if gone else ""
    return f"{path} is written: {len(linted.all):,} finding{'' if len(linted.all) == 1 else 's'}{dropped}"
