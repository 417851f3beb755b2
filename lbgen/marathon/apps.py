"""Apps out of a document: every shape in which Marathon and its users write them down, each app with its pointer."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.finding import Edit, Finding, Fix, Severity
from lbgen.marathon.limits import MOST_FAULTS_TOLD
from lbgen.marathon.schema import App, Fault, Task, described, validate
from lbgen.model.border import MOST_MEMBERS
from lbgen.model.service import AppRef
from lbgen.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class RunningTask(NamedTuple):
    """A task of an app; `results` is None where Marathon has none.

    Deployment groups set `draining`, and `colour`, the written id of the app that it is a task of.
    """

    id: str | None
    host: str
    ports: tuple[int, ...] | None
    address: str | None
    state: str | None
    results: tuple[bool, ...] | None
    draining: bool = False
    colour: str | None = None


@dataclass(slots=True)
class MarathonApp:
    """An app as Marathon would describe it.

    `fields` are its checked members, without those that were null; its tasks are in `tasks` only. That is None before
    planning where the document has none: a definition, not a reply of Marathon.
    """

    ref: AppRef
    labels: Mapping[str, str]
    fields: Mapping[str, Any]
    tasks: list[RunningTask] | None

    @property
    def id(self) -> str:
        """The id that counts: the written one, made absolute, or the deployment group's."""
        return self.ref.id

    def renamed(self, new_id: str) -> MarathonApp:
        """The app under another id."""
        return replace(self, ref=replace(self.ref, id=new_id))


class Candidate(NamedTuple):
    """Something that should be an app, and where it stands; `group` is the path of the group that it is in.

    `fault` says why there is none, where that is known beforehand.
    """

    pointer: str
    value: Any
    group: str
    fault: Fault | None = None


_SIGNS_OF_AN_APP = {"labels", "cmd", "args", "container", "portDefinitions", "ports", "instances", "env", "networks"}
_NO_APPS = (
    ("haproxy", "is an Edge-LB pool, not an app, and is skipped: lbgen haproxy from-pool reads it"),
    ("tasks", "is a reply of GET /v2/tasks, not an app: give it with --tasks"),
    ("message", "is an error message of Marathon"),
)


def candidates(value: Any) -> Iterator[Candidate]:
    """Everything in the document that should be an app; raises Fault where the document is of no known shape."""
    if isinstance(value, list):
        yield from _listed(value, "", "")
    elif not isinstance(value, dict):
        raise Fault("", f"should be an app, a list of apps or a reply of Marathon, is {described(value)}")
    elif "apps" in value or "groups" in value:
        yield from _grouped(value, "", "")
    elif isinstance(value.get("app"), dict):
        yield Candidate("/app", value["app"], "")
    elif "id" in value or _SIGNS_OF_AN_APP & value.keys():
        yield Candidate("", value, "")
    else:
        raise Fault("", next((words for key, words in _NO_APPS if key in value), 'is no app: it has no "id"'))


def _listed(values: list[Any], pointer: str, group: str) -> Iterator[Candidate]:
    for index, value in enumerate(values):
        yield Candidate(f"{pointer}/{index}", value, group)


def _grouped(value: dict[str, Any], pointer: str, parent: str) -> Iterator[Candidate]:
    pending = [(value, pointer, parent)]
    while pending:
        value, pointer, parent = pending.pop()
        group = _joined(parent, value["id"]) if isinstance(value.get("id"), str) else parent
        members = {key: [] if value.get(key) is None else value[key] for key in ("apps", "groups")}
        for key, found in members.items():
            if not isinstance(found, list):
                fault = Fault(f"/{key}", f"should be a list, is {described(found)}")
                yield Candidate(pointer, None, group, fault)
                members[key] = []
        yield from _listed(members["apps"], f"{pointer}/apps", group)
        for index, member in reversed(list(enumerate(members["groups"]))):
            if isinstance(member, dict):
                pending.append((member, f"{pointer}/groups/{index}", group))
            else:
                fault = Fault(f"/groups/{index}", f"should be a group, is {described(member)}")
                yield Candidate(pointer, None, group, fault)


def _joined(group: str, name: str) -> str:
    return name if name.startswith("/") or not group else f"{group.rstrip('/')}/{name}"


@dataclass(slots=True)
class Loaded:
    """The apps of some documents, and what was wrong with the others.

    `left_out` names what cannot be used: documents, and apps by their ids, if they have one.
    """

    apps: list[MarathonApp] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def load_apps(document: str, value: Any, into: Loaded) -> None:
    """Adds the apps of one document; of many faults, the first ones are told."""
    untold = 0
    try:
        for candidate in candidates(value):
            if untold and not isinstance(candidate.value, dict):
                untold += 1
                continue
            try:
                into.apps.append(_app(document, candidate))
            except ExceptionGroup as group:
                untold += len(into.left_out) >= MOST_FAULTS_TOLD
                if not untold:
                    _leave_out(document, candidate, group, into)
    except Fault as fault:
        into.findings.append(_finding(document, fault))
        into.left_out.append(document)
    if untold:
        into.left_out.append(f"{untold:,} more of {document}")
        text = f"{untold:,} more apps are not what they should be"
        into.findings.append(Finding("not-an-app", Severity.ERROR, text, Origin(document)))


def _leave_out(document: str, candidate: Candidate, group: ExceptionGroup[Exception], into: Loaded) -> None:
    app_id = candidate.value.get("id") if isinstance(candidate.value, dict) else None
    name = app_id if isinstance(app_id, str) else None
    into.left_out.append(name or f"an app of {document}")
    told = (_finding(document, fault, name, candidate.pointer) for fault in group.exceptions[:MOST_FAULTS_TOLD])
    into.findings.extend(told)
    if (more := len(group.exceptions) - MOST_FAULTS_TOLD) > 0:
        origin = Origin(document, candidate.pointer, name)
        text = f"{more:,} more values of the app are not what they should be"
        into.findings.append(Finding("wrong-type", Severity.ERROR, text, origin))


def _finding(document: str, fault: Exception, app: str | None = None, parent: str = "") -> Finding:
    pointer = fault.pointer if isinstance(fault, Fault) else ""
    name = pointer.rpartition("/")[2]
    what = f'"{name}"' if name and not name.isdecimal() else "this"
    origin = Origin(document, parent + pointer, app)
    help_ = "values of labels are strings: put it in double quotes" if origin.label and "a string" in str(fault) else ""
    if pointer == "/labels" and str(fault).endswith("null"):
        # Marathon never says so; whoever does means that there are none.
        fix = Fix("leave the labels out", (Edit(document, None, origin.pointer),), safe=True)
        return Finding("app-shape", Severity.ERROR, f"{what} {fault}", origin, help="leave them out", fix=fix)
    return Finding("wrong-type" if pointer else "not-an-app", Severity.ERROR, f"{what} {fault}", origin, help=help_)


def _app(document: str, candidate: Candidate) -> MarathonApp:
    raw = candidate.value
    if candidate.fault is not None:
        raise ExceptionGroup("no app", [candidate.fault])
    labels = raw.get("labels") if isinstance(raw, dict) else None
    if isinstance(labels, dict) and len(labels) > MOST_MEMBERS:
        # Before each of them is found to be wrong.
        message = f"has {len(labels):,} members; at most {MOST_MEMBERS:,} are taken"
        raise ExceptionGroup("too many labels", [Fault("/labels", message)])
    fields = validate(App, raw)
    if not fields.get("id"):
        raise ExceptionGroup("no id", [Fault("", 'is an app without an "id"')])
    fields = {key: value for key, value in fields.items() if value is not None}
    # A template may ask for anything in a check, and any member at all makes an app one of those with an IP per task.
    for name in ("healthChecks", "ipAddress"):
        if name in fields:
            fields[name] = without_nulls(raw[name])
    app_id = _joined(candidate.group, fields["id"]) if candidate.group else fields["id"]
    labels = {key: value for key, value in fields.get("labels", {}).items() if value is not None}
    tasks = [running_task(task) for task in fields["tasks"]] if "tasks" in fields else None
    if tasks is not None:
        # They are the most of a fleet: once is enough.
        fields["tasks"] = []
    return MarathonApp(AppRef(app_id, document, candidate.pointer, app_id), labels, fields, tasks)


def without_nulls(value: Any) -> Any:
    """The value without the members that are null, at all depths."""
    if isinstance(value, dict):
        return {key: without_nulls(member) for key, member in value.items() if member is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def running_task(task: Mapping[str, Any]) -> RunningTask:
    """The task, out of its checked members."""
    addresses = task.get("ipAddresses")
    results = task.get("healthCheckResults")
    ports = task.get("ports")
    return RunningTask(
        task.get("id"),
        task.get("host") or "",
        tuple(ports) if ports is not None else None,
        addresses[0].get("ipAddress") if addresses else None,
        task.get("state"),
        tuple([bool(result and result.get("alive")) for result in results]) if results is not None else None,
    )


def load_tasks(value: Any) -> tuple[dict[str, list[dict[str, Any]]], list[Fault]]:
    """Tasks by app id out of a reply of `GET /v2/tasks`, and faults of the others; raises Fault if it is none."""
    listed = value.get("tasks") if isinstance(value, dict) else value
    if not isinstance(listed, list):
        raise Fault("", f"should be a reply of GET /v2/tasks, is {described(value)}")
    tasks: dict[str, list[dict[str, Any]]] = {}
    faults: list[Fault] = []
    prefix = "/tasks" if isinstance(value, dict) else ""
    for index, item in enumerate(listed):
        try:
            task = validate(Task, item)
            tasks.setdefault(task.get("appId") or "", []).append(task)
        except ExceptionGroup as group:
            faults.extend(Fault(f"{prefix}/{index}{fault.pointer}", str(fault)) for fault in _faults(group.exceptions))
    return tasks, faults


def _faults(exceptions: Iterable[Exception]) -> Iterator[Fault]:
    return (error for error in exceptions if isinstance(error, Fault))
