"""Where labelled tasks come from: apps in every networking mode, pods, and replies of Mesos."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.pipeline.auto_pools import from_labels, read_labelled
from lbgen.pipeline.auto_tasks import pool_inputs

if TYPE_CHECKING:
    from pathlib import Path

    from lbgen.edgelb.auto_pools import AutoPools

EXPOSED = {"edgelb.expose": "true"}


def made_of(tmp_path: Path, value: Any, tasks: Any = None) -> tuple[AutoPools, list[str]]:
    """What is made of a document, and what was said of it as such."""
    path = tmp_path / "input.json"
    path.write_text(json.dumps(value))
    names = []
    if tasks is not None:
        names = [str(tmp_path / "tasks.json")]
        (tmp_path / "tasks.json").write_text(json.dumps(tasks))
    labelled = read_labelled([str(path)], tasks=names)
    return from_labels(labelled), [finding.message for finding in labelled.inputs.findings]


def services(made: AutoPools) -> Any:
    """The services of the one backend of the one pool."""
    (pool,) = made.pools
    (backend,) = pool.value["haproxy"]["backends"]
    return backend["services"]


@pytest.mark.parametrize(
    ("fields", "endpoint"),
    [
        ({}, {"portName": "default"}),
        ({"portDefinitions": [{"port": 0, "name": "api"}]}, {"portName": "api"}),
        ({"container": {"portMappings": [{"containerPort": 80, "name": "web"}]}}, {"portName": "web"}),
        (
            {
                "networks": [{"mode": "container/bridge"}],
                "container": {"portMappings": [{"containerPort": 80, "name": "web"}]},
            },
            {"portName": "web"},
        ),
        (
            {
                "networks": [{"mode": "container", "name": "dcos"}],
                "container": {"portMappings": [{"containerPort": 80, "name": "web"}]},
            },
            {"portName": "web"},
        ),
        (
            {"container": {"docker": {"network": "BRIDGE", "portMappings": [{"containerPort": 80, "name": "old"}]}}},
            {"portName": "old"},
        ),
        ({"ipAddress": {"discovery": {"ports": [{"number": 80, "name": "ip"}]}}}, {"portName": "ip"}),
    ],
)
def test_the_first_port_is_found_in_every_networking_mode(
    tmp_path: Path, fields: dict[str, Any], endpoint: dict[str, Any]
) -> None:
    made, _ = made_of(tmp_path, {"id": "/web", "labels": EXPOSED, **fields})

    assert services(made) == [{"marathon": {"serviceID": "/web"}, "endpoint": endpoint}]


def test_marathon_lbs_labels_are_none_of_its_business(tmp_path: Path) -> None:
    made, told = made_of(tmp_path, {"id": "/web", "labels": {**EXPOSED, "HAPROXY_0_VOHST": "x"}})

    assert told == []
    assert made.findings == []


def test_tasks_may_come_from_marathon_apart_from_the_app(tmp_path: Path) -> None:
    tasks = {"tasks": [{"id": "web.1", "appId": "/web", "host": "10.0.0.1", "ports": [31000]}]}
    made, _ = made_of(tmp_path, {"id": "web", "labels": EXPOSED}, tasks)

    assert services(made)[0]["mesos"] == {"taskID": "web.1", "frameworkName": "marathon"}


MESOS_TASK: dict[str, Any] = {
    "id": "hello.1",
    "framework_id": "f-1",
    "state": "TASK_RUNNING",
    "labels": [{"key": "edgelb.expose", "value": "true"}],
    "discovery": {"ports": {"ports": [{"name": "api", "number": 31000}]}},
    "statuses": [{"state": "TASK_RUNNING", "healthy": True}],
}


@pytest.mark.parametrize("wrap", [lambda tasks: {"tasks": tasks}, lambda tasks: {"frameworks": [{"tasks": tasks}]}])
def test_tasks_of_mesos_are_selected_by_framework_and_id(tmp_path: Path, wrap: Any) -> None:
    other = {**MESOS_TASK, "id": "other.1", "framework_id": "f-0"}
    made, _ = made_of(tmp_path, wrap([MESOS_TASK, other]))

    assert services(made) == [
        {"mesos": {"taskID": "other.1", "frameworkID": "f-0"}, "endpoint": {"portName": "api"}},
        {"mesos": {"taskID": "hello.1", "frameworkID": "f-1"}, "endpoint": {"portName": "api"}},
    ]


@pytest.mark.parametrize("change", [{"state": "TASK_FAILED"}, {"statuses": [{"healthy": True}, {"healthy": False}]}])
def test_tasks_of_mesos_that_do_not_run_or_are_ill_are_no_servers(tmp_path: Path, change: dict[str, Any]) -> None:
    made, _ = made_of(tmp_path, {"tasks": [MESOS_TASK, {**MESOS_TASK, **change, "id": "hello.2"}]})

    assert [service["mesos"]["taskID"] for service in services(made)] == ["hello.1"]


def test_a_label_of_a_task_of_mesos_is_pointed_at(tmp_path: Path) -> None:
    labels = [*MESOS_TASK["labels"], {"key": "edgelb.g.frontend.port", "value": "x"}]
    made, _ = made_of(tmp_path, {"tasks": [{**MESOS_TASK, "labels": labels}]})

    (finding,) = made.findings
    assert finding.origin is not None
    assert finding.origin.pointer == "/tasks/0/labels/1/value"
    assert finding.message == 'edgelb.g.frontend.port should be a port, 0 to 65535, is "x"'


def test_a_task_of_mesos_that_is_none_is_named_and_the_others_are_served(tmp_path: Path) -> None:
    made, told = made_of(tmp_path, {"tasks": [MESOS_TASK, {**MESOS_TASK, "id": 5}]})

    assert told == ['"id" should be a string, is the number 5']
    assert len(services(made)) == 1


def test_containers_of_a_pod_are_tasks(tmp_path: Path) -> None:
    pod = {
        "id": "/pod",
        "labels": EXPOSED,
        "containers": [
            {"name": "front", "endpoints": [{"name": "web", "containerPort": 80}]},
            {"name": "silent"},
            {"name": "own", "labels": {**EXPOSED, "edgelb.expose": "no"}, "endpoints": [{"name": "x"}]},
        ],
    }
    made, _ = made_of(tmp_path, [pod])

    assert services(made) == [
        {"marathon": {"serviceID": "/pod", "containerName": "front"}, "endpoint": {"portName": "web"}}
    ]
    (finding,) = made.findings
    assert finding.origin is not None
    assert finding.origin.pointer == "/0/containers/2/labels/edgelb.expose"


def test_the_tasks_of_a_reply_are_the_servers(tmp_path: Path) -> None:
    task = {
        "id": "web.1",
        "host": "10.0.0.1",
        "ports": [31000],
        "ipAddresses": [{"ipAddress": "9.0.1.2"}],
        "state": "TASK_RUNNING",
        "healthCheckResults": [{"alive": True}],
    }
    path = tmp_path / "apps.json"
    path.write_text(json.dumps({"apps": [{"id": "/web", "labels": EXPOSED, "instances": 1, "tasks": [task]}]}))
    labelled = read_labelled([str(path)])

    inputs = pool_inputs(labelled, from_labels(labelled), ())

    assert inputs.tasks is not None
    (found,) = inputs.tasks.tasks
    assert not found.planned
    assert (found.host, [port.number for port in found.ports]) == ("10.0.0.1", [31000])


def running_pod(*, label: str = "true", state: str = "TASK_RUNNING") -> dict[str, Any]:
    """A pod in a reply of /v2/pods/::status, of two instances."""
    containers = [{"name": "web", "endpoints": [{"name": "http"}], "labels": {"edgelb.expose": label}}, {"name": "log"}]
    instances = [
        {"id": f"p.{number}", "status": "STABLE", "containers": [{"name": "web", "status": state}, {"name": "log"}]}
        for number in (1, 2)
    ]
    spec = {"id": "/p", "labels": {"edgelb.template": "blue"}, "containers": containers}
    return {"id": "/p", "spec": spec, "instances": instances}


def test_pods_that_run_are_selected_by_the_ids_of_their_tasks(tmp_path: Path) -> None:
    made, said = made_of(tmp_path, [running_pod()])
    assert said == []
    assert [pool.name for pool in made.pools] == ["auto-blue"]
    ids = [service["mesos"] for service in services(made)]
    assert ids == [{"taskID": f"p.{number}.web", "frameworkName": "marathon"} for number in (1, 2)]
    assert [service["endpoint"] for service in services(made)] == [{"portName": "http"}] * 2


def test_pods_that_run_can_be_selected_as_such(tmp_path: Path) -> None:
    path = tmp_path / "pods.json"
    path.write_text(json.dumps([running_pod()]))
    [service] = services(from_labels(read_labelled([str(path)]), by_app=True))
    assert service["marathon"] == {"serviceID": "/p", "containerName": "web"}


def test_a_fault_in_a_label_of_a_pod_that_runs_is_told_at_the_label(tmp_path: Path) -> None:
    made, _ = made_of(tmp_path, [running_pod(label="yes")])
    assert made.pools == []
    pointers = {finding.origin.pointer for finding in made.findings if finding.origin}
    assert "/0/spec/containers/0/labels/edgelb.expose" in pointers


def test_pods_that_do_not_run_are_not_served(tmp_path: Path) -> None:
    made, _ = made_of(tmp_path, [running_pod(state="TASK_STAGING")])
    assert made.pools == []


@pytest.mark.parametrize("wrong", [{"instances": 1}, {"spec": {"containers": 3}}, {"spec": {}}, {"id": None}])
def test_pods_of_another_shape_are_told(tmp_path: Path, wrong: dict[str, Any]) -> None:
    made, said = made_of(tmp_path, [running_pod() | wrong])
    assert made.pools == []
    assert said or wrong == {"spec": {}}
