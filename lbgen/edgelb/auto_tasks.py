"""Labelled tasks out of what Mesos says of its tasks, and out of pods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from lbgen.edgelb.auto_groups import LabelledTask
from lbgen.model.border import Fault, validate
from lbgen.model.service import AppRef
from lbgen.origin import escape_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

RUNNING = "TASK_RUNNING"


class _Label(TypedDict, total=False):
    key: str
    value: str | None


class _Port(TypedDict, total=False):
    name: str | None


class _Ports(TypedDict, total=False):
    ports: list[_Port] | None


class _Discovery(TypedDict, total=False):
    ports: _Ports | None


class _Status(TypedDict, total=False):
    healthy: bool | None


class MesosTask(TypedDict, total=False):
    """A task as Mesos describes it, as far as its labels are concerned."""

    id: str
    framework_id: str
    state: str | None
    labels: list[_Label] | None
    discovery: _Discovery | None
    statuses: list[_Status] | None


class _Endpoint(TypedDict, total=False):
    name: str | None


class PodContainer(TypedDict, total=False):
    """A container of a pod."""

    name: str
    labels: dict[str, str | None] | None
    endpoints: list[_Endpoint] | None


class Pod(TypedDict, total=False):
    """A pod as Marathon describes it."""

    id: str
    labels: dict[str, str | None] | None
    containers: list[PodContainer]


def is_mesos(value: Any) -> bool:
    """Whether this is a reply of Mesos: `/state`, `/tasks`, or one framework of them."""
    if not isinstance(value, dict):
        return False
    if isinstance(value.get("frameworks"), list):
        return True
    tasks = value.get("tasks")
    return isinstance(tasks, list) and any(isinstance(task, dict) and "framework_id" in task for task in tasks)


def is_pod(value: Any) -> bool:
    """Whether this is a pod, and no app."""
    return isinstance(value, dict) and isinstance(value.get("containers"), list) and "id" in value


def mesos_tasks(document: str, value: Any) -> tuple[list[LabelledTask], list[Fault]]:
    """The running, healthy tasks of a reply of Mesos, and what is wrong with the others."""
    found: list[LabelledTask] = []
    faults: list[Fault] = []
    for pointer, raw in _listed(value):
        try:
            task = validate(MesosTask, raw)
        except ExceptionGroup as group:
            faults += [Fault(pointer + each.pointer, str(each)) for each in group.exceptions if isinstance(each, Fault)]
            continue
        if not task.get("id") or not task.get("framework_id"):
            faults.append(Fault(pointer, "has no id, or none of its framework"))
        elif task.get("state", RUNNING) == RUNNING and _healthy(task):
            found.append(_mesos_task(document, pointer, task))
    return found, faults


def _listed(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for index, task in enumerate(value.get("tasks") or ()):
        yield f"/tasks/{index}", task
    for number, framework in enumerate(value.get("frameworks") or ()):
        tasks = framework.get("tasks") if isinstance(framework, dict) else None
        for index, task in enumerate(tasks if isinstance(tasks, list) else ()):
            yield f"/frameworks/{number}/tasks/{index}", task


def _healthy(task: MesosTask) -> bool:
    """Whether the last status has no bad news; a task without a check has none."""
    statuses = task.get("statuses") or []
    return not statuses or statuses[-1].get("healthy") is not False


def _mesos_task(document: str, pointer: str, task: MesosTask) -> LabelledTask:
    labels: dict[str, str] = {}
    fields: dict[str, str] = {}
    for index, label in enumerate(task.get("labels") or ()):
        if (key := label.get("key")) is not None:
            labels[key] = label.get("value") or ""
            fields[key] = f"labels/{index}/value"
    ports = ((task.get("discovery") or {}).get("ports") or {}).get("ports") or []
    identity = {"taskID": task["id"], "frameworkID": task["framework_id"]}
    return LabelledTask(
        ref=AppRef(task["id"], document, pointer, task["id"]),
        labels=labels,
        selector={"mesos": identity},
        ports=tuple(port.get("name") or None for port in ports),
        order=(task["framework_id"], task["id"]),
        fields=fields,
    )


def pod_tasks(document: str, pointer: str, raw: Any) -> list[LabelledTask]:
    """The containers of a pod, each with the pod's labels and its own; raises ExceptionGroup of Fault."""
    pod = validate(Pod, raw)
    ref = AppRef(pod["id"], document, pointer, pod["id"])
    return [_container(ref, pod, index) for index, found in enumerate(pod["containers"]) if found.get("name")]


def container_labels(pod: Pod, container: PodContainer) -> dict[str, str]:
    """The labels of a container, and those of its pod, which are meant for the containers that listen."""
    shared = (pod.get("labels") or {}) if container.get("endpoints") else {}
    own = container.get("labels") or {}
    return {key: value for key, value in {**shared, **own}.items() if value is not None}


def _container(ref: AppRef, pod: Pod, index: int) -> LabelledTask:
    container = pod["containers"][index]
    own, ports = container.get("labels") or {}, container.get("endpoints") or []
    name = container["name"]
    return LabelledTask(
        ref=ref,
        labels=container_labels(pod, container),
        selector={"marathon": {"serviceID": pod["id"], "containerName": name}},
        ports=tuple(port.get("name") or None for port in ports),
        order=("marathon", f"{pod['id']} {name}"),
        fields={key: f"containers/{index}/labels/{escape_pointer(key)}" for key in own},
    )
