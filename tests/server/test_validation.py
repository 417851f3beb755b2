"""What a pool is refused for: in Edge-LB's words, in its order, the first fault alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.server.documents import pool, pool_v1

if TYPE_CHECKING:
    from starlette.testclient import TestClient

FRONTEND = "haproxy/frontends/0"
BACKEND = "haproxy/backends/0"
SERVICE = f"{BACKEND}/services/0"
NAME = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"
FILE = "^[a-zA-Z0-9][a-zA-Z0-9_-]*$"
SECRET = {"secret": "a", "file": "b"}
ADDRESS = {"type": "ADDRESS", "address": "192.0.2.1"}
PORTS = "must have valid port, portName, portNamePattern, or true allPorts"
CONDITIONS = "frontend.linkBackend.map.backend: at least one of the condition fields must be filled out"


def changed(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The document with another value at the path; where there is a list, the last part is its index."""
    *above, last = path.split("/")
    holder: Any = document
    for part in above:
        holder = holder[int(part)] if isinstance(holder, list) else holder.setdefault(part, {})
    holder[int(last) if isinstance(holder, list) else last] = value
    return document


V2: list[tuple[str, Any, str]] = [
    ("name", "", "pool.name cannot be empty or the empty string"),
    ("name", "Ping", f"pool.name: Ping invalid: did not match {NAME}"),
    ("name", "ping\n", f"pool.name: ping\n invalid: did not match {NAME}"),
    ("namespace", "a//b", f"pool.namespace:  invalid: did not match {NAME}"),
    ("haproxy/stats/bindPort", 70000, "invalid bindPort: 70000"),
    (f"{FRONTEND}/bindPort", -1, "invalid bindPort: -1"),
    ("haproxy/stats/bindPort", 15001, "duplicate bindPort: 15001"),
    ("secrets", [{"file": "x"}], "pool.secrets.secret cannot be empty or the empty string"),
    ("secrets", [{"secret": "x"}], "pool.secrets.file cannot be empty or the empty string"),
    ("secrets", [{"secret": "x", "file": "a/b"}], f"pool.secrets.file: a/b invalid: did not match {FILE}"),
    ("secrets", [SECRET, SECRET], "duplicate secret name: a"),
    ("secrets", [SECRET, {"secret": "c", "file": "b"}], "duplicate secret file: b"),
    ("virtualNetworks", [{}], "pool.virtualNetworks.name cannot be empty or the empty string"),
    ("virtualNetworks", [{"name": "a"}, {"name": "a"}], "duplicate virtualNetwork name: a"),
    (f"{FRONTEND}/bindAddress", "*", "frontend.bindAddress invalid character: '*'"),
    (f"{FRONTEND}/protocol", None, "frontend.protocol cannot be empty or the empty string"),
    (f"{FRONTEND}/protocol", "HTTPS", "frontend.protocol HTTPS must have non-empty frontend.certificates"),
    (f"{FRONTEND}/protocol", "TLS", "frontend.protocol TLS must have non-empty frontend.certificates"),
    (f"{FRONTEND}/linkBackend/map", [{"backend": "ping"}], CONDITIONS),
    (f"{FRONTEND}/linkBackend/map", [{}], "frontend.linkBackend.map.backend cannot be empty or the empty string"),
    (f"{FRONTEND}/linkBackend/defaultBackend", "pong", "frontends refer to nonexistent backends: pong"),
    (f"{FRONTEND}/linkBackend", {}, "frontends do not refer to these backends: ping"),
    (f"{BACKEND}/name", "", "backend.name cannot be empty or the empty string"),
    (f"{BACKEND}/protocol", "", "backend.protocol cannot be empty or the empty string"),
    (f"{BACKEND}/services", [], "backend.services: must have at least 1"),
    (f"{SERVICE}/endpoint", {}, f"server.endpoint.type AUTO_IP {PORTS}"),
    (f"{SERVICE}/endpoint", {"type": "AGENT_IP"}, f"server.endpoint.type AGENT_IP {PORTS}"),
    (f"{SERVICE}/endpoint", {"type": "ADDRESS"}, "server.endpoint.address cannot be empty or the empty string"),
    (f"{SERVICE}/endpoint", ADDRESS, "server.endpoint.type ADDRESS must have valid server.port specified"),
    (f"{SERVICE}/marathon", {}, "server.marathon or server.mesos must be specified, and one of them complete"),
    (
        f"{SERVICE}/marathon",
        {"containerName": "c"},
        "server.marathon.serviceID cannot be empty or the empty string",
    ),
]


@pytest.mark.parametrize(("path", "value", "message"), V2, ids=lambda part: str(part)[:50])
def test_v2(client: TestClient, path: str, value: Any, message: str) -> None:
    reply = client.post("/v2/pools", json=changed(pool(), path, value))
    assert (reply.status_code, reply.json()) == (400, {"code": 400, "message": message})
    assert client.get("/v2/pools").json() == []


SERVER = f"{BACKEND}/servers/0"
V1: list[tuple[str, Any, str]] = [
    (f"{FRONTEND}/bindPort", None, "invalid bindPort: -1"),
    (f"{BACKEND}/servers", [], "backend.servers: must have at least 1"),
    (f"{SERVER}/framework", {}, "server.framework.value cannot be empty or the empty string"),
    (f"{SERVER}/task", {}, "server.task.value cannot be empty or the empty string"),
    (f"{SERVER}/port", {}, "server.type AUTO_IP must have server.port.name or true server.port.all"),
    (f"{SERVER}/type", "VIP", "server.port.vip cannot be empty or the empty string"),
]


@pytest.mark.parametrize(("path", "value", "message"), V1, ids=lambda part: str(part)[:50])
def test_v1(client: TestClient, path: str, value: Any, message: str) -> None:
    reply = client.post("/v1/loadbalancers", json=changed(pool_v1(), path, value))
    assert (reply.status_code, reply.json()["message"]) == (400, message)


def test_the_first_fault_is_told(client: TestClient) -> None:
    document = changed(changed(pool("Bad"), f"{BACKEND}/name", ""), "secrets", [{}])
    assert client.post("/v2/pools", json=document).json()["message"].startswith("pool.name: Bad invalid")


def test_a_redirect_is_for_http(client: TestClient) -> None:
    document = changed(pool(), f"{FRONTEND}/protocol", "TCP")
    document["haproxy"]["frontends"][0]["redirectToHttps"] = {}
    message = "frontend.redirectToHttps cannot be set with frontend.protocol TCP"
    assert client.post("/v2/pools", json=document).json()["message"] == message


def test_several_ports_of_run_time_are_no_duplicates(client: TestClient) -> None:
    document = pool(port=0)
    document["haproxy"]["frontends"] *= 2
    assert client.post("/v2/pools", json=document).status_code == 200


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (f"{BACKEND}/name", "a\nb"),
        (f"{FRONTEND}/bindModifier", "x\n  evil"),
        (f"{BACKEND}/miscStrs", ["option httpchk\nbackend evil"]),
        (f"{BACKEND}/balance", "roundrobin\n  evil"),
    ],
)
def test_nothing_leaves_its_line(client: TestClient, path: str, value: Any) -> None:
    document = changed(pool(), path, value)
    if path == f"{BACKEND}/name":
        document["haproxy"]["frontends"][0]["linkBackend"]["defaultBackend"] = value
    reply = client.post("/v2/pools", json=document)
    assert reply.status_code == 400
    assert reply.json()["message"].startswith(f"/{path}")


WRONG = [
    (601, "name", 1),
    (603, "name", "x" * 201),
    (601, "haproxy", []),
    (601, f"{FRONTEND}/bindPort", "80"),
    (601, f"{FRONTEND}/bindPort", 80.5),
    (601, f"{FRONTEND}/bindPort", True),
    (601, f"{FRONTEND}/bindPort", 2**31),
    (601, "mem", -(2**31) - 1),
    (601, "ports", [2**40]),
    (601, "ports", ["80"]),
    (601, "environmentVariables", {"A": 1}),
    (606, f"{FRONTEND}/protocol", "http"),
    (606, f"{BACKEND}/protocol", "FTP"),
    (606, "apiVersion", "v2"),
    (606, f"{SERVICE}/endpoint/type", "VIP"),
    (605, f"{FRONTEND}/name", "a b"),
    (605, f"{FRONTEND}/name", "a\n"),
    (609, "poolHealthcheckInterval", -1),
    (609, "poolHealthcheckTimeout", 1),
]


@pytest.mark.parametrize(("code", "path", "value"), WRONG, ids=str)
def test_values_of_the_wrong_type_or_kind(client: TestClient, code: int, path: str, value: Any) -> None:
    reply = client.post("/v2/pools", json=changed(pool(), path, value))
    assert (reply.status_code, reply.json()["code"]) == (422, code)
    assert reply.json()["message"].startswith(path.replace("/", "."))


@pytest.mark.parametrize(("code", "value"), [(602, None), (601, []), (601, "x"), (601, 1)], ids=str)
def test_what_is_no_pool(client: TestClient, code: int, value: Any) -> None:
    reply = client.post("/v2/pools", content=json.dumps(value))
    assert (reply.status_code, reply.json()["code"]) == (422, code)
