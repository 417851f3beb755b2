"""Networking modes of Marathon before and since 1.5: service ports, task ports, addresses, and how they are paired."""

from __future__ import annotations

from typing import Any

import pytest

from lbgen.marathon.network import mode
from tests.fleets import app, rules, section, sections, task, text

MAPPED = [{"containerPort": 80, "hostPort": 0, "servicePort": 10001}]
UNMAPPED = [{"containerPort": 80}]
IN_CONTAINER = {"networks": [{"mode": "container"}]}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "host"),
        ({"ipAddress": {}}, "host"),
        ({"ipAddress": {"discovery": {}}}, "container"),
        ({"container": {"docker": {"network": "HOST"}}}, "host"),
        ({"container": {"docker": {"network": "USER"}}}, "container"),
        ({"container": {"docker": {"network": "BRIDGE"}}}, "container/bridge"),
        ({"container": {"docker": {"network": "bridge"}}}, "host"),
        ({"ipAddress": {"discovery": {}}, "container": {"docker": {"network": "BRIDGE"}}}, "container/bridge"),
        ({"networks": []}, "host"),
        ({"networks": [{"mode": "host"}]}, "host"),
        ({"networks": [{"mode": "container/bridge"}]}, "container/bridge"),
        ({"networks": [{"name": "dcos"}]}, "container"),
        ({"networks": [{"mode": "container/bridge"}, {"mode": "host"}]}, "host"),
        ({"networks": [{"mode": "host"}], "container": {"docker": {"network": "USER"}}}, "host"),
    ],
)
def test_what_was_said_in_a_later_version_wins(fields: dict[str, Any], expected: str) -> None:
    assert mode(fields) == expected


DISCOVERY = {"discovery": {"ports": [{"number": 80, "name": "http", "protocol": "tcp"}]}}
RUNNING = [task("10.0.0.1", [31001], ipAddresses=[{"ipAddress": "9.0.0.1", "protocol": "IPv4"}])]
SHAPES = {
    "host before 1.5": (
        {"ports": [10001], "portDefinitions": [{"port": 10001}], "container": {"docker": {"network": "HOST"}}},
        "a_10001",
        "10_0_0_1_31001 10.0.0.1:31001",
    ),
    "host since 1.5": (
        {"networks": [{"mode": "host"}], "portDefinitions": [{"port": 10001}]},
        "a_10001",
        "10_0_0_1_31001 10.0.0.1:31001",
    ),
    "bridge before 1.5": (
        {"ports": [10001], "container": {"docker": {"network": "BRIDGE", "portMappings": MAPPED}}},
        "a_10001",
        "10_0_0_1_31001 10.0.0.1:31001",
    ),
    "bridge since 1.5": (
        {"networks": [{"mode": "container/bridge"}], "container": {"portMappings": MAPPED}},
        "a_10001",
        "10_0_0_1_31001 10.0.0.1:31001",
    ),
    "user network before 1.5": (
        {"ports": [10001], "container": {"docker": {"network": "USER", "portMappings": MAPPED}}},
        "a_10001",
        "10_0_0_1_9_0_0_1_80 9.0.0.1:80",
    ),
    "container since 1.5": (
        IN_CONTAINER | {"container": {"portMappings": MAPPED}},
        "a_10001",
        "10_0_0_1_9_0_0_1_80 9.0.0.1:80",
    ),
    "container without a service port": (
        IN_CONTAINER | {"container": {"portMappings": UNMAPPED}},
        "a_10065",
        "10_0_0_1_9_0_0_1_80 9.0.0.1:80",
    ),
    "address per task": ({"ipAddress": DISCOVERY}, "a_10065", "10_0_0_1_9_0_0_1_80 9.0.0.1:80"),
}


@pytest.mark.parametrize(("fields", "backend", "server"), SHAPES.values(), ids=SHAPES)
def test_every_shape_of_reply_has_its_backend_and_server(fields: dict[str, Any], backend: str, server: str) -> None:
    lines = section(f"backend {backend}", {"id": "/a", "labels": {}, "tasks": RUNNING} | fields)
    assert [line.partition(" id ")[0] for line in lines[2:]] == [f"server {server}"]


def test_a_task_in_a_container_needs_an_address_of_its_own() -> None:
    fields: dict[str, Any] = IN_CONTAINER | {"container": {"portMappings": MAPPED}}
    assert "a_10001" not in text({"id": "/a", "labels": {}, "tasks": [task()]} | fields)


def servers(fields: dict[str, Any], *tasks: dict[str, Any]) -> dict[str, list[str]]:
    """The addresses of the servers of each backend."""
    made = sections(text({"id": "/a", "labels": {}, "tasks": list(tasks)} | fields))
    return {
        header.removeprefix("backend "): [line.split()[2] for line in lines if line.startswith("server ")]
        for header, lines in made.items()
        if header.startswith("backend ")
    }


class TestTaskPorts:
    def test_are_the_tasks_own_on_the_host_network(self) -> None:
        assert servers({"ports": [10001]}, task(ports=[31007])) == {"a_10001": ["10.0.0.1:31007"]}

    def test_are_the_defined_ones_where_the_task_has_none(self) -> None:
        assert servers({"portDefinitions": [{"port": 10001}]}, task(ports=[])) == {"a_10001": ["10.0.0.1:10001"]}

    def test_are_the_containers_in_a_bridge_where_nobody_has_any(self) -> None:
        fields = {"networks": [{"mode": "container/bridge"}], "container": {"portMappings": MAPPED}}
        assert servers(fields, task(ports=[])) == {"a_10001": ["10.0.0.1:80"]}

    def test_are_never_the_tasks_own_in_a_container(self) -> None:
        fields: dict[str, Any] = IN_CONTAINER | {"container": {"portMappings": MAPPED}}
        assert servers(fields, *RUNNING) == {"a_10001": ["9.0.0.1:80"]}

    def test_are_those_of_the_discovery_before_those_of_the_mappings(self) -> None:
        container = {"docker": {"portMappings": [{"containerPort": 99, "servicePort": 10001}]}}
        assert servers({"ipAddress": DISCOVERY, "container": container}, *RUNNING) == {"a_10001": ["9.0.0.1:80"]}


class TestServicePorts:
    def test_are_those_of_the_definitions_even_if_there_are_none(self) -> None:
        assert servers({"ports": [10001], "portDefinitions": []}, task()) == {}

    def test_may_be_0_which_is_a_port_like_any_other(self) -> None:
        assert servers({"ports": [0]}, task()) == {"a_0": ["10.0.0.1:31001"]}

    def test_are_the_declared_ones_where_no_mapping_has_any(self) -> None:
        fields = {
            "ports": [10005],
            "networks": [{"mode": "container/bridge"}],
            "container": {"portMappings": UNMAPPED},
        }
        assert servers(fields, task()) == {"a_10005": ["10.0.0.1:31001"]}


class TestPairing:
    def test_goes_by_position(self) -> None:
        made = servers({"ports": [10001, 10002]}, task(ports=[31001, 31002]))
        assert made == {"a_10001": ["10.0.0.1:31001"], "a_10002": ["10.0.0.1:31002"]}

    def test_drops_what_is_left_of_the_longer_list(self) -> None:
        assert servers({"ports": [10001]}, task(ports=[31001, 31002])) == {"a_10001": ["10.0.0.1:31001"]}
        assert servers({"ports": [10001, 10002]}, task(ports=[31001])) == {"a_10001": ["10.0.0.1:31001"]}

    def test_shifts_behind_a_mapping_without_service_port(self) -> None:
        mappings = [
            {"containerPort": 8001},
            {"containerPort": 8002, "servicePort": 10002},
            {"containerPort": 8003, "servicePort": 10003},
        ]
        fields = {"networks": [{"mode": "container/bridge"}], "container": {"portMappings": mappings}}
        made = servers(fields, task(ports=[31001, 31002, 31003]))
        assert made == {"a_10002": ["10.0.0.1:31001"], "a_10003": ["10.0.0.1:31002"]}

    def test_counts_labels_by_the_position_among_service_ports(self) -> None:
        mappings = [{"containerPort": 8001}, {"containerPort": 8002, "servicePort": 10002}]
        fields = {"networks": [{"mode": "container/bridge"}], "container": {"portMappings": mappings}}
        made = rules("frontend marathon_http_in", app("/a", {"VHOST": "zero.x"}) | fields)
        assert made == ["acl host_zero_x_a hdr(host) -i zero.x", "use_backend a_10002 if host_zero_x_a"]

    def test_puts_both_positions_into_one_service_where_a_port_is_there_twice(self) -> None:
        labels = {"HAPROXY_0_BALANCE": "source", "HAPROXY_1_BALANCE": "leastconn"}
        made = section("backend a_10001", app("/a", labels, 10001, 10001))
        assert made[0] == "balance leastconn"
        assert [line.split()[2] for line in made[2:]] == ["10.0.0.1:31001", "10.0.0.1:31002"]
