"""`--dry` of `lbgen run marathon-lb`: what would be written, and who would be left out."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from lbgen.cli.streams import put
from lbgen.finding import Finding, Severity
from lbgen.live.files import Files
from lbgen.live.reading import Fleet, read_fleet
from lbgen.live.state import LeftOut
from lbgen.live.status import reason_of
from lbgen.pipeline.generate import Generated, from_apps
from lbgen.pipeline.inputs import Inputs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lbgen.live.marathon import MarathonSource
    from lbgen.pipeline.options import Options

log = logging.getLogger("lbgen.live")


def dry(source: MarathonSource, options: Options, config: Path) -> int:
    """Prints the file where it would be another, as Marathon-LB does, and logs whom lbgen itself would leave out.

    HAProxy is not asked. Raises SourceError where Marathon cannot be.
    """
    fleet = read_fleet(source.fetch(), {})
    apps = [entry.app for entry in fleet.values() if entry.app is not None]
    made = from_apps(Inputs(apps), options, may_be_empty=True)
    for each in _left_out(fleet, made):
        log.warning("the app %s is left out: %s", each.app, reason_of(each))
    if made.rendered is not None and made.rendered.text != Files(config, config.parent).text():
        put(made.rendered.text)
    return 0


def _left_out(fleet: Fleet, made: Generated) -> Iterator[LeftOut]:
    for entry in fleet.values():
        if entry.app is None:
            yield _reason(entry.app_id, entry.findings)
    for app_id in made.names_left_out:
        yield _reason(app_id, [finding for finding in made.findings if finding.app == app_id])


def _reason(app_id: str, findings: list[Finding] | tuple[Finding, ...]) -> LeftOut:
    finding = next((each for each in findings if each.severity is Severity.ERROR), None)
    if finding is None:
        return LeftOut(app_id, "it cannot be written")
    return LeftOut(app_id, finding.message, finding.label, finding.rule)
