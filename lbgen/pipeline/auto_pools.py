"""From apps, pods and tasks with `edgelb.*` labels to pools."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from lbgen.dataclass import dataclass
from lbgen.edgelb.auto_pod_status import is_pod_status, pod_status_tasks
from lbgen.edgelb.auto_pools import AutoPools, LabelledTask, auto_pools
from lbgen.edgelb.auto_tasks import RUNNING, is_mesos, is_pod, mesos_tasks, pod_tasks
from lbgen.edgelb.reading import Loaded, load_pools
from lbgen.edgelb.remarks import remarks
from lbgen.edgelb.said import findings
from lbgen.edgelb.traced import at_origins
from lbgen.finding import Finding, Severity
from lbgen.marathon.port_names import port_names
from lbgen.model.border import Fault
from lbgen.origin import Origin
from lbgen.pipeline.inputs import Inputs, read_inputs
from lbgen.pipeline.reserved_in_pools import elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lbgen.edgelb.auto_pools import AutoPool
    from lbgen.marathon.apps import MarathonApp
    from lbgen.ports.reservation import Reservation

FRAMEWORK = "marathon"
# What is said of Marathon-LB's labels does not matter here.
_OTHER_LABELS = frozenset({"label-unknown", "template-unused", "label-index-range"})


@dataclass(slots=True)
class LabelledInputs:
    """Apps, and what else has labels; `inputs` holds the documents and all findings.

    `values` are the documents that the others came from.
    """

    inputs: Inputs
    others: list[LabelledTask] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)


def read_labelled(paths: Sequence[str], *, tasks: Sequence[str] = (), stdin_name: str | None = None) -> LabelledInputs:
    """Reads app definitions, replies of Marathon, pods, and replies of Mesos."""
    others = _Others()
    inputs = read_inputs(paths, tasks=tasks, stdin_name=stdin_name, other=others.take)
    labelled = labelled_apps(inputs)
    labelled.others, labelled.values = others.tasks, others.values
    inputs.findings += others.findings
    inputs.left_out += others.left_out
    return labelled


def labelled_apps(inputs: Inputs) -> LabelledInputs:
    """These apps, without what there is to say of labels that have nothing to do with pools."""
    inputs.findings = [finding for finding in inputs.findings if finding.rule not in _OTHER_LABELS]
    return LabelledInputs(inputs)


class _Others:
    """Takes the documents that hold no apps."""

    def __init__(self) -> None:
        self.tasks: list[LabelledTask] = []
        self.values: list[Any] = []
        self.findings: list[Finding] = []
        self.left_out: list[str] = []

    def take(self, document: str, value: Any) -> bool:
        """Whether the document is a reply of Mesos, a pod, or a list of pods, with their instances or without."""
        pods = value if isinstance(value, list) else [value]
        if not is_mesos(value) and not (pods and all(is_pod(pod) or is_pod_status(pod) for pod in pods)):
            return False
        self.values.append(value)
        if is_mesos(value):
            found, faults = mesos_tasks(document, value)
            self.tasks += found
            self._blame(document, faults)
            return True
        for index, pod in enumerate(pods):
            self._take_pod(document, f"/{index}" if isinstance(value, list) else "", pod)
        return True

    def _take_pod(self, document: str, pointer: str, pod: Any) -> None:
        try:
            self.tasks += (pod_tasks if is_pod(pod) else pod_status_tasks)(document, pointer, pod)
        except ExceptionGroup as group:
            faults = (fault for fault in group.exceptions if isinstance(fault, Fault))
            self._blame(document, [Fault(pointer + fault.pointer, str(fault)) for fault in faults])

    def _blame(self, document: str, faults: Sequence[Fault]) -> None:
        self.left_out += [document] if faults else []
        for fault in faults:
            name = fault.pointer.rpartition("/")[2]
            message = f'"{name:.60}" {fault}' if name and not name.isdecimal() else f"this {fault}"
            self.findings.append(Finding("wrong-type", Severity.ERROR, message, Origin(document, fault.pointer)))


def from_labels(
    labelled: LabelledInputs, *, by_app: bool = False, reservations: Sequence[Reservation] = ()
) -> AutoPools:
    """The pools that Edge-LB makes of the labels; what HAProxy or Edge-LB would refuse is a finding at the label.

    Where tasks are known, a pool selects each of them by its id, as Edge-LB's own do; with `by_app`, and where they
    are not known, it selects the tasks of an app by the app's id. An app on a port that one of the `reservations` holds
    for somebody else is left out, unless it runs already.
    """
    inputs = labelled.inputs
    tasks = [task for app in inputs.apps for task in _tasks(app, inputs, by_app=by_app)]
    others = _by_service(labelled.others) if by_app else labelled.others
    made = auto_pools([*tasks, *others], elsewhere(reservations))
    made.pools = [pool for pool in made.pools if _accepted(pool, made)]
    if not made.asked and not any(finding.severity is Severity.ERROR for finding in inputs.findings):
        made.findings.append(_nobody_asked(inputs))
    return made


def _by_service(tasks: Iterable[LabelledTask]) -> list[LabelledTask]:
    """The tasks, with one that selects its likes in place of those of which that is known."""
    made: dict[tuple[object, ...], LabelledTask] = {}
    for task in tasks:
        if task.service is None:
            made[task.order] = task
        else:
            key = (task.ref.id, *(value for wanted in task.service.values() for value in wanted.values()))
            order = (task.order[0], " ".join(map(str, key)))
            made.setdefault(key, replace(task, selector=task.service, order=order))
    return list(made.values())


def _tasks(app: MarathonApp, inputs: Inputs, *, by_app: bool) -> Iterator[LabelledTask]:
    app_id = app.id if app.id.startswith("/") else f"/{app.id}"
    ports = port_names(app.fields)
    whole = LabelledTask(
        ref=replace(app.ref, id=app_id),
        labels=app.labels,
        selector={"marathon": {"serviceID": app_id}},
        ports=ports,
        order=(FRAMEWORK, app_id),
    )
    known = _known_tasks(app, inputs, app_id)
    if known is None or (by_app and known):
        yield whole
        return
    for task_id in known:
        selector = {"mesos": {"taskID": task_id, "frameworkName": FRAMEWORK}}
        yield replace(whole, selector=selector, order=(FRAMEWORK, task_id))


def _known_tasks(app: MarathonApp, inputs: Inputs, app_id: str) -> list[str] | None:
    """The ids of the app's running tasks; None where nothing is known of them."""
    if app.tasks is not None:
        return [task.id for task in app.tasks if task.id and task.state in {None, RUNNING}]
    if (found := inputs.tasks.get(app_id)) is None:
        return None
    return [task["id"] for task in found if task.get("id") and task.get("state") in {None, RUNNING}]


def _accepted(pool: AutoPool, made: AutoPools) -> bool:
    said, accepted = pool_findings(pool.name, pool.value, pool.origins)
    made.findings += said
    made.left_out += [] if accepted else pool.apps
    return accepted


def pool_findings(name: str, value: Any, origins: Mapping[str, Origin]) -> tuple[list[Finding], bool]:
    """What is to be said of a pool that was made of labels, said of the labels; and whether Edge-LB takes it."""
    loaded = Loaded()
    load_pools(name, value, loaded)
    return list(at_origins(loaded.findings, {name: origins})), bool(loaded.pools)


def remarks_on(pools: Iterable[AutoPool]) -> Iterator[Finding]:
    """What works in these pools, and hardly as it is meant, said of the labels."""
    for each in pools:
        loaded = Loaded()
        load_pools(each.name, each.value, loaded)
        for pool in loaded.pools:
            yield from at_origins(findings(remarks(pool), pool.document), {each.name: each.origins})


def _nobody_asked(inputs: Inputs) -> Finding:
    count = len(inputs.apps)
    who = {0: "there is no task", 1: "the app is not exposed"}.get(count, f"none of the {count} apps is exposed")
    first = inputs.apps[0].ref if inputs.apps else None
    origin = Origin(first.document, first.pointer, first.id if count == 1 else None) if first else None
    help_ = "the label edgelb.expose, which must be true, asks for a place in a pool"
    return Finding("nobody-exposed", Severity.ERROR, f"{who}: there is no pool", origin, help=help_)
