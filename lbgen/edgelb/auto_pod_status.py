"""Labelled tasks out of what Marathon says of pods that run: /v2/pods/::status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from lbgen.edgelb.auto_groups import LabelledTask
from lbgen.edgelb.auto_tasks import RUNNING, Pod, container_labels
from lbgen.model.border import validate
from lbgen.model.service import AppRef
from lbgen.origin import escape_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

FRAMEWORK = "marathon"
_SERVES = frozenset((None, "STABLE", "DEGRADED"))


class _RunningContainer(TypedDict, total=False):
    name: str
    status: str | None
    containerId: str | None


class _Instance(TypedDict, total=False):
    id: str
    status: str | None
    containers: list[_RunningContainer] | None


class PodStatus(TypedDict, total=False):
    """A pod with its instances, as Marathon describes it."""

    id: str
    spec: Pod
    instances: list[_Instance] | None


def is_pod_status(value: Any) -> bool:
    """Whether this is a pod with its instances."""
    return isinstance(value, dict) and isinstance(value.get("spec"), dict) and {"id", "instances"} <= value.keys()


def pod_status_tasks(document: str, pointer: str, raw: Any) -> list[LabelledTask]:
    """The containers of a pod that run, each with the pod's labels and its own; raises ExceptionGroup of Fault."""
    status = validate(PodStatus, raw)
    ref = AppRef(status["id"], document, pointer, status["id"])
    known = {each.get("name"): index for index, each in enumerate(status["spec"].get("containers") or ())}
    return [
        _task(ref, status["spec"], known[container.get("name")], task_id)
        for container, task_id in _running(status)
        if container.get("name") and container.get("name") in known
    ]


def _running(status: PodStatus) -> Iterator[tuple[_RunningContainer, str]]:
    """The containers that serve, with the ids of their tasks."""
    for instance in status.get("instances") or ():
        if instance.get("status") in _SERVES:
            for container in instance.get("containers") or ():
                if container.get("status") in {None, RUNNING}:
                    named = f"{instance.get('id', '')}.{container.get('name', '')}"
                    yield container, container.get("containerId") or named


def _task(ref: AppRef, pod: Pod, index: int, task_id: str) -> LabelledTask:
    container = pod["containers"][index]
    labels = container_labels(pod, container)
    own = container.get("labels") or {}
    at = {key: f"containers/{index}/labels" if key in own else "labels" for key in labels}
    name = container["name"]
    return LabelledTask(
        ref=ref,
        labels=labels,
        selector={"mesos": {"taskID": task_id, "frameworkName": FRAMEWORK}},
        ports=tuple(port.get("name") or None for port in container.get("endpoints") or ()),
        order=(FRAMEWORK, task_id),
        fields={key: f"spec/{where}/{escape_pointer(key)}" for key, where in at.items()},
        service={"marathon": {"serviceID": f"/{ref.id.strip('/')}", "containerName": name}},
    )
