"""Tasks out of documents: which kind of reply or definition each is, checked, and all of them together."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from lbgen.dataclass import dataclass
from lbgen.edgelb import marathon_shapes, marathon_tasks, mesos_tasks
from lbgen.edgelb.tasks import Tasks
from lbgen.model.border import Fault, described, validate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.edgelb.tasks import Task


@dataclass(slots=True)
class TaskDocuments:
    """What was read of several documents, before it is joined: one may know what another only names."""

    replies: list[dict[str, Any]] = field(default_factory=list)
    apps: list[dict[str, Any]] = field(default_factory=list)
    app_tasks: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    pods: list[dict[str, Any]] = field(default_factory=list)
    pod_statuses: list[dict[str, Any]] = field(default_factory=list)

    def add(self, value: Any) -> None:
        """Adds what one document holds; raises ExceptionGroup of Fault where that is not what it should be."""
        faults: list[Exception] = []
        if mesos_tasks.is_reply(value):
            self.replies.append(validate(mesos_tasks.Reply, value))
            return
        try:
            for pointer, kind, item, target in self._found(value):
                try:
                    target.append(validate(kind, item))
                except ExceptionGroup as group:
                    faults += [
                        Fault(pointer + fault.pointer, str(fault))
                        for fault in group.exceptions
                        if isinstance(fault, Fault)
                    ]
        except Fault as fault:
            faults.append(fault)
        if faults:
            raise ExceptionGroup("not what it should be", faults)

    def _found(self, value: Any) -> Iterator[tuple[str, Any, Any, list[dict[str, Any]]]]:
        """What is in the document: pointer, kind, value, where it belongs; raises Fault where it is unknown."""
        for pointer, item in _items(value):
            if not isinstance(item, dict):
                raise Fault(pointer, f"should be an app, a pod or a task, is {described(item)}")
            if "instances" in item and "spec" in item:
                yield pointer, marathon_shapes.PodStatus, item, self.pod_statuses
            elif isinstance(item.get("containers"), list):
                yield pointer, marathon_shapes.Pod, item, self.pods
            elif isinstance(item.get("appId"), str):
                yield pointer, marathon_shapes.AppTask, item, self.app_tasks.setdefault(_absolute(item["appId"]), [])
            elif isinstance(item.get("id"), str):
                yield pointer, marathon_shapes.App, item, self.apps
            else:
                raise Fault(pointer, 'is no task, app or pod: it has no "id"')

    def tasks(self) -> Tasks:
        """All tasks of all documents, each once; of a task that Mesos and Marathon know, Mesos knows more."""
        made, hosts = Tasks(), marathon_tasks.Hosts([])
        mesos_tasks.add_tasks(self.replies, made)
        apps = {_absolute(app["id"]): app for app in self.apps}
        for app_id in sorted(apps.keys() | self.app_tasks.keys()):
            app = apps.get(app_id, {"id": app_id, "portDefinitions": []})
            marathon_tasks.add_app(app, self.app_tasks.get(app_id, []), made, hosts)
        for status in self.pod_statuses:
            marathon_tasks.add_pod_status(status, made)
        deployed = {_absolute(status["id"]) for status in self.pod_statuses}
        for pod in sorted(self.pods, key=lambda pod: str(pod["id"])):
            if _absolute(pod["id"]) not in deployed:
                marathon_tasks.add_pod(pod, made, hosts)
        unique: dict[tuple[str, str], Task] = {}
        for task in made.tasks:
            unique.setdefault((task.id, task.framework_name or ""), task)
        made.tasks = list(unique.values())
        return made


def _absolute(app_id: str) -> str:
    return f"/{app_id.strip('/')}"


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    """Each thing in the document, with its pointer."""
    if isinstance(value, list):
        yield from ((f"/{index}", item) for index, item in enumerate(value))
    elif not isinstance(value, dict):
        raise Fault("", f"should be a reply of Mesos or Marathon, or an app or pod, is {described(value)}")
    elif {"apps", "groups", "pods"} & value.keys():
        yield from _grouped(value)
    elif isinstance(value.get("tasks"), list) and "id" not in value:
        yield from ((f"/tasks/{index}", item) for index, item in enumerate(value["tasks"]))
    elif isinstance(value.get("app"), dict):
        yield "/app", value["app"]
    else:
        yield "", value


def _grouped(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """What is in a group and the groups in it; ids count from the group that they stand in."""
    pending = [("", value, "")]
    while pending:
        pointer, group, parent = pending.pop()
        path = _joined(parent, group["id"]) if isinstance(group.get("id"), str) else parent
        for key in ("apps", "pods", "groups"):
            listed = group.get(key, [])
            if not isinstance(listed, list):
                raise Fault(f"{pointer}/{key}", f"should be a list, is {described(listed)}")
            for index, item in enumerate(listed):
                here = f"{pointer}/{key}/{index}"
                if key == "groups" and isinstance(item, dict):
                    pending.append((here, item, path))
                elif isinstance(item, dict) and isinstance(item.get("id"), str):
                    yield here, {**item, "id": _joined(path, item["id"])}
                else:
                    yield here, item


def _joined(group: str, name: str) -> str:
    return name if name.startswith("/") or not group else f"{group.rstrip('/')}/{name}"
