"""`lbgen lint`: what is wrong with apps, pools and configurations before they are deployed."""

from __future__ import annotations

import gc
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

from lbgen.cli import lint_options
from lbgen.cli.options import checking_of
from lbgen.cli.ports_db import reserved
from lbgen.cli.streams import put, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from lbgen.config import Settings
    from lbgen.pipeline.linting import Linted

EPILOG = """Exit status: 0 nothing to say, 1 findings, 2 could not run: a mistake in the options or the settings, or no
PATH that can be opened. It is the same in every format.

PATH is an app, a list of apps, a group, a reply of GET /v2/apps, a pool, a manifest of Kubernetes (for its ports), the
options of the Kubernetes package (for its public nodes), or a haproxy.cfg; a directory is read whole; - is standard
input. All of them are one fleet. What cannot be read is a finding, and the rest is linted all the same."""


@click.command(epilog=EPILOG)
@lint_options.everything
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> int:
    """Find what is wrong with apps, pools and configurations before they are deployed."""
    return linted(ctx, **given)


def linted(ctx: click.Context, /, *, paths: tuple[str, ...], family: str = "", **given: Any) -> int:
    """Lints the paths as the options and the settings say, and returns the exit status.

    With `family` only rules whose codes begin so have their say.
    """
    from lbgen.cli.lint_wanted import files_of
    from lbgen.cli.settings import merged, settings_of, shown

    settings = settings_of(given)
    given = {**merged(ctx, given, settings), "on_line": given, "family": family}
    if given["show_settings"]:
        put("".join(f"{line}\n" for line in shown(ctx, given, settings)))
        return 0
    if not paths:
        raise click.UsageError("Missing argument 'PATH...'.", ctx)
    files = files_of(paths, given, settings)
    given["named"] = frozenset(paths)
    if given["show_files"]:
        put("".join(f"{name}\n" for name in files))
        return 0
    if not files:
        _say(given, "nothing is read: all files are excluded")
        return 0
    given["reservations"] = reserved(given["on_line"]["ports_db"], settings)
    return _run(files, given, settings)


def _say(given: dict[str, Any], sentence: str) -> None:
    if not given["quiet"]:
        say(f"lbgen: {sentence}")


def _run(files: Sequence[str], given: dict[str, Any], settings: Settings) -> int:
    """Lints the files, tells what was found, and returns the exit status."""
    from lbgen.cli import lint_baseline, lint_fix, lint_report

    if lint_fix.wanted(given):
        return _fix(files, given, settings)
    # Everything that is made lives until the end: looking for garbage all along doubles the time of large fleets.
    gc.disable()
    baseline = lint_baseline.read(given, settings)
    linted = _linted(files, given, settings, baseline, _running(files, given))
    for sentence in linted.said:
        _say(given, sentence)
    if given["write_baseline"]:
        _say(given, lint_baseline.write(linted, given, settings, baseline))
        status = 0
    else:
        lint_report.report(linted, given)
        status = _status(linted, given)
    gc.freeze()
    return 2 if not linted.opened or (given["family"] and linted.undecided) else status


def _fix(files: Sequence[str], given: dict[str, Any], settings: Settings) -> int:
    """Mends the files, or shows how that would be, tells what is left, and returns the exit status."""
    from lbgen.cli import lint_baseline, lint_fix, lint_report

    baseline, running = lint_baseline.read(given, settings), _running(files, given)
    names = {document.name for document in running}
    done = lint_fix.fixed(lambda: _linted(files, given, settings, baseline, running), given, names)
    if given["diff"]:
        _say(given, lint_fix.show(done, given))
        status = int(bool(done.after) and not given["exit_zero"])
    else:
        _say(given, lint_fix.write(done, given))
        lint_report.report(done.linted, given, told=lint_fix.stdin_name(given) in done.before)
        status = _status(done.linted, given)
    return 2 if not done.linted.opened else status


def _running(files: Sequence[str], given: dict[str, Any]) -> Sequence[Any]:
    """The documents that say what runs already."""
    if not given["against"]:
        return ()
    from lbgen.pipeline.against import documents

    with _progress(given, "reading what runs"):
        return documents(given["against"], files)


def _linted(
    files: Sequence[str], given: dict[str, Any], settings: Settings, baseline: Any, running: Sequence[Any]
) -> Linted:
    from dataclasses import replace

    from lbgen.cli.lint_wanted import options_of, wanted_of
    from lbgen.lint.registry import RULES
    from lbgen.pipeline.linting import lint

    options, wanted = options_of(given), replace(wanted_of(given, settings, RULES), baseline=baseline)
    with _progress(given, f"linting {len(files):,} file{'' if len(files) == 1 else 's'}"):
        return lint(
            files,
            options,
            stdin_name=given["stdin_filename"],
            rules=[rule for rule in RULES if rule.code.startswith(given["family"])],
            wanted=wanted,
            running=running,
            checking=checking_of(given),
            named=given["named"],
        )


def _progress(given: dict[str, Any], sentence: str) -> AbstractContextManager[None]:
    from lbgen.cli.progress import progress

    return nullcontext() if given["quiet"] else progress(f"lbgen: {sentence} ...")


def _status(linted: Linted, given: dict[str, Any]) -> int:
    """1 where there are findings that count, or 0."""
    from lbgen.finding import Severity

    if given["exit_zero"] or given["fail_on"] == "never":
        return 0
    threshold = Severity[given["fail_on"].upper()]
    return int(any(finding.severity >= threshold for finding in linted.findings))
