"""The tasks behind auto pools: those of the apps, pods and replies that the pools were made of, and others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.edgelb.reading import Loaded, load_pools
from lbgen.edgelb.task_documents import TaskDocuments
from lbgen.finding import Finding, Severity
from lbgen.marathon.port_names import port_names
from lbgen.pipeline.auto_pools import remarks_on
from lbgen.pipeline.pools import PoolInputs, read_task_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.edgelb.auto_pools import AutoPools
    from lbgen.edgelb.tasks import Tasks
    from lbgen.marathon.apps import MarathonApp, RunningTask
    from lbgen.pipeline.auto_pools import LabelledInputs


def pool_inputs(labelled: LabelledInputs, made: AutoPools, tasks: Sequence[str]) -> PoolInputs:
    """The pools as if they had been read, with the tasks that they select; `tasks` are files with more of these."""
    inputs = PoolInputs(documents=labelled.inputs.documents, findings=[*labelled.inputs.findings, *made.findings])
    loaded = Loaded()
    for pool in made.pools:
        load_pools(pool.name, pool.value, loaded)
    inputs.pools = loaded.pools
    inputs.origins = {pool.name: pool.origins for pool in made.pools}
    documents = TaskDocuments()
    for value in [*labelled.values, [_described(app) for app in labelled.inputs.apps]]:
        documents.add(value)
    for name in tasks:
        read_task_document(name, documents, inputs)
    inputs.tasks = _deployed(documents.tasks())
    inputs.findings += [*remarks_on(made.pools), *_stand_ins(inputs.tasks, made)]
    return inputs


def _stand_ins(tasks: Tasks, made: AutoPools) -> Iterator[Finding]:
    """Says which apps are served by placeholders, in one sentence."""
    served = {ref.id for pool in made.pools for ref in pool.apps}
    ids = sorted({str(task.service_id) for task in tasks.tasks if task.planned} & served)
    if ids:
        named = ", ".join(ids) if len(ids) <= 4 else f"{', '.join(ids[:3])} and {len(ids) - 3} more"
        text = (
            f"{named} {'is' if len(ids) == 1 else 'are'} not deployed yet: servers on 192.0.2.0/24 stand for the tasks"
        )
        help_ = "give --tasks, or a reply of Marathon or Mesos, for the real ones"
        yield Finding("planned", Severity.INFO, text, help=help_)


def _described(app: MarathonApp) -> dict[str, Any]:
    """The app with its tasks, and with the ports that Marathon gives it where its definition leaves that open."""
    fields = {**app.fields, "id": app.id}
    if app.tasks is not None:
        fields["tasks"] = [_task(task) for task in app.tasks]
    if "portDefinitions" not in fields and "ports" not in fields and not fields.get("networks"):
        fields["portDefinitions"] = [{"name": name} for name in port_names(app.fields)]
    return fields


def _deployed(tasks: Tasks) -> Tasks:
    """The tasks without placeholders for apps of which real ones are known."""
    known = {task.service_id for task in tasks.tasks if not task.planned}
    tasks.tasks = [task for task in tasks.tasks if not task.planned or task.service_id not in known]
    return tasks


def _task(task: RunningTask) -> dict[str, Any]:
    """The task as Marathon's replies have it."""
    members: dict[str, Any] = {
        "id": task.id,
        "host": task.host,
        "ports": None if task.ports is None else list(task.ports),
        "ipAddresses": None if task.address is None else [{"ipAddress": task.address}],
        "state": task.state,
        "healthCheckResults": None if task.results is None else [{"alive": alive} for alive in task.results],
    }
    return {key: member for key, member in members.items() if member is not None}
