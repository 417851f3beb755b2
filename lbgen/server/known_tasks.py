"""The tasks as they were read the last time, and the pools that their labels ask for."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lbgen.dataclass import dataclass
from lbgen.edgelb.auto_groups import DEFAULT_TEMPLATE
from lbgen.edgelb.tasks import Tasks
from lbgen.errors import LbgenError
from lbgen.finding import Severity
from lbgen.server.tasks import snapshot, snapshot_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lbgen.finding import Finding
    from lbgen.pipeline.auto_pools import LabelledInputs
    from lbgen.server.tasks import Snapshot, Source

log = logging.getLogger("lbgen.server")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of tasks: themselves, and by template the auto pools that their labels ask for, as JSON.

    `members` are the ids of the apps in each of them, `asking` of all that asked for it. `problem` is why there is
    nothing newer, or empty.
    """

    tasks: Tasks
    fingerprint: str = ""
    pools: Mapping[str, Mapping[str, Any]]
    members: Mapping[str, Sequence[str]]
    asking: Mapping[str, Sequence[str]]
    findings: Sequence[Finding] = ()
    problem: str = ""


NOTHING = Known(tasks=Tasks(), pools={}, members={}, asking={})


class KnownTasks:
    """Reads tasks when it is told to, and goes on with what it knew where that fails."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._reading = threading.Lock()
        self._known = NOTHING

    @property
    def known(self) -> Known:
        """What is known now."""
        return self._known

    def read(self) -> bool:
        """Whether there is anything new; why there is not is in `known`."""
        with self._reading:
            try:
                found = snapshot(self._source)
                if found.fingerprint == self._known.fingerprint and not self._known.problem:
                    return False
                new = _known(found)
            except LbgenError as error:
                new = self._failed(str(error))
            changed, self._known = new.fingerprint != self._known.fingerprint, new
            return changed

    def _failed(self, problem: str) -> Known:
        if problem != self._known.problem:
            log.warning("%s: the tasks that were known stay", problem)
        return replace(self._known if self._known.fingerprint else self._of_last_time(), problem=problem)

    def _of_last_time(self) -> Known:
        """What was known before this server was started."""
        try:
            kept = self._source.kept()
            return _known(snapshot_of(kept)) if kept else self._known
        except LbgenError:
            return self._known


def _known(found: Snapshot) -> Known:
    """What the files say; raises LbgenError where one of them cannot be read."""
    if not found.files:
        return replace(NOTHING, fingerprint=found.fingerprint)
    # What reads apps takes a while to import.
    from lbgen.pipeline.auto_pools import from_labels, read_labelled
    from lbgen.pipeline.pools import read_pools

    names = [str(path) for path in found.files]
    read = read_pools([], tasks=names)
    if not read.tasks_read:
        errors = (finding for finding in read.findings if finding.severity is Severity.ERROR)
        first = next(errors, None)
        where = first.origin.document if first and first.origin else "the tasks"
        raise LbgenError(f"{where}: {first.message if first else 'they cannot be read'}")
    labelled = read_labelled(names)
    made = from_labels(labelled)
    return Known(
        tasks=read.tasks or Tasks(),
        fingerprint=found.fingerprint,
        pools={pool.template: pool.value for pool in made.pools},
        members={pool.template: sorted({str(ref.id) for ref in pool.apps}) for pool in made.pools},
        asking=_asking(labelled),
        findings=tuple(made.findings),
    )


def _asking(labelled: LabelledInputs) -> dict[str, list[str]]:
    """By template the ids of those that name it in their labels."""
    found: dict[str, list[str]] = {}
    apps = [(f"/{app.id.lstrip('/')}", app.labels) for app in labelled.inputs.apps]
    # Tasks of Mesos have names without slashes.
    for app_id, labels in [*apps, *((str(task.ref.id), task.labels) for task in labelled.others)]:
        if "edgelb.expose" in labels:
            found.setdefault(labels.get("edgelb.template", DEFAULT_TEMPLATE), []).append(app_id)
    return found
