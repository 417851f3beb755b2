"""Pools of V1 in the words of V2."""

from __future__ import annotations

from typing import Any

import pytest

from lbgen.edgelb.v1 import converted
from tests.edgelb.pools import only, pool_v1, server_v1, text


def service(server: dict[str, Any]) -> Any:
    return converted(pool_v1(server))["haproxy"]["backends"][0]["services"][0]


NAMES = {"frameworkName": "marathon", "taskName": "web"}


@pytest.mark.parametrize(
    ("server", "wanted"),
    [
        (server_v1(), {"mesos": NAMES, "endpoint": {"portName": "web"}}),
        (server_v1(port={"all": True}), {"mesos": NAMES, "endpoint": {"allPorts": True}}),
        (server_v1(type="AGENT_IP"), {"mesos": NAMES, "endpoint": {"type": "AGENT_IP", "portName": "web"}}),
        (
            server_v1(task={"value": "^web-", "match": "REGEX"}),
            {"mesos": {"frameworkName": "marathon", "taskNamePattern": "^web-"}, "endpoint": {"portName": "web"}},
        ),
        (
            server_v1(framework={"value": "m", "match": "REGEX"}),
            {"mesos": {"frameworkNamePattern": "m", "taskName": "web"}, "endpoint": {"portName": "web"}},
        ),
        (
            server_v1(check={"enabled": False}, miscStr="weight 3"),
            {"mesos": NAMES, "endpoint": {"portName": "web", "check": {"enabled": False}, "miscStr": "weight 3"}},
        ),
        (
            server_v1(type="VIP", port={"vip": "/my/vip:1234"}),
            {"endpoint": {"type": "ADDRESS", "address": "myvip.marathon.l4lb.thisdcos.directory", "port": 1234}},
        ),
        (
            server_v1(type="VIP", port={"vip": "1.2.3.4:80"}),
            {"endpoint": {"type": "ADDRESS", "address": "1.2.3.4", "port": 80}},
        ),
    ],
)
def test_a_server_becomes_a_service(server: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert service(server) == wanted


def test_everything_else_is_copied() -> None:
    given = pool_v1(role="*", secrets=[{"secret": "a", "file": "a"}], unknown={"kept": 1})
    made = converted(given)
    assert made.pop("apiVersion") == "V2"
    assert made.pop("haproxy").keys() == given["haproxy"].keys()
    assert made == {key: value for key, value in given.items() if key not in {"apiVersion", "haproxy"}}


@pytest.mark.parametrize("dialect", ["portable", "edge-lb"])
def test_both_versions_make_one_configuration(dialect: str) -> None:
    given = pool_v1(
        server_v1(), server_v1(port={"all": True}, task={"value": "b", "match": "REGEX"}, miscStr="weight 2")
    )
    assert text(given, dialect=dialect) == text(converted(given), dialect=dialect)


NAMED = "myvip.marathon.l4lb.thisdcos.directory"


@pytest.mark.parametrize(
    ("vip", "v1", "v2", "line"),
    [
        ("/myvip:80", "vip_-_myvip_80", f"address_{NAMED}_80", f"{NAMED}:80 check resolvers default_resolvers"),
        ("1.1.1.1:81", "vip_1.1.1.1_81", "address_1.1.1.1_81", "1.1.1.1:81 check"),
    ],
)
def test_a_virtual_address_is_called_otherwise_in_v1(vip: str, v1: str, v2: str, line: str) -> None:
    given = pool_v1(server_v1(type="VIP", port={"vip": vip}))
    assert text(given).splitlines()[-1].strip() == f"server {v1} {line}"
    assert text(converted(given)).splitlines()[-1].strip() == f"server {v2} {line}"


def test_what_is_said_of_v1_is_said_of_what_was_written() -> None:
    service = only(pool_v1()).backends[0].services[0]
    assert service.pointer("mesos/taskName") == "/haproxy/backends/0/servers/0/task/value"
    assert service.pointer("endpoint/portName") == "/haproxy/backends/0/servers/0/port/name"
