"""Pools of V1 over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.server.documents import pool, pool_v1

if TYPE_CHECKING:
    from starlette.testclient import TestClient


@pytest.mark.parametrize(("method", "path"), [("POST", ""), ("PUT", "/old-lb"), ("PUT", "/whatever")])
def test_post_and_put_make_and_change(client: TestClient, method: str, path: str) -> None:
    for count in (1, 2):
        reply = client.request(method, f"/v1/loadbalancers{path}", json=pool_v1(count=count))
        assert (reply.status_code, reply.json()["count"]) == (200, count)
    assert client.get("/v1/loadbalancers/old-lb").json()["count"] == 2
    assert len(client.get("/v1/loadbalancers").json()) == 1


def test_defaults_are_those_of_v1(client: TestClient) -> None:
    made = client.post("/v1/loadbalancers", json=pool_v1()).json()
    assert "type" not in made
    server = made["haproxy"]["backends"][0]["servers"][0]
    assert server["task"] == {"value": "ping", "match": "EXACT"}
    assert server["type"] == "AUTO_IP"


def test_all_makes_and_changes_and_removes_nothing(client: TestClient) -> None:
    client.post("/v1/loadbalancers", json=pool_v1("first"))
    reply = client.put("/v1/all", json={"pools": [pool_v1("second", 15003)]})
    assert reply.status_code == 200
    assert [each["name"] for each in reply.json()["pools"]] == ["first", "second"]
    assert client.get("/v1/all").json() == reply.json()


def test_all_is_all_or_nothing(client: TestClient) -> None:
    client.post("/v2/pools", json=pool("taken"))
    reply = client.put("/v1/all", json={"pools": [pool_v1("good"), pool_v1("taken")]})
    assert (reply.status_code, reply.json()["message"]) == (404, "pool taken is not APIVersion V1")
    assert client.get("/v1/all").json() == {"pools": []}


@pytest.mark.parametrize("body", [[], 1, {"pools": 1}, {"pools": [1]}, {"pools": {}}])
def test_all_takes_a_list_of_pools(client: TestClient, body: object) -> None:
    assert client.put("/v1/all", json=body).status_code == 422


def test_a_pool_of_v2_is_none_of_v1(client: TestClient) -> None:
    client.post("/v2/pools", json=pool())
    said = "pool ping-lb is not APIVersion V1"
    assert client.get("/v1/loadbalancers/ping-lb").json() == {"code": 404, "message": said}
    assert client.put("/v1/loadbalancers/ping-lb", json=pool_v1("ping-lb")).status_code == 404
    assert client.delete("/v1/loadbalancers/ping-lb").status_code == 404
    assert client.get("/v1/all").json() == {"pools": []}


def test_delete(client: TestClient) -> None:
    client.post("/v1/loadbalancers", json=pool_v1())
    assert client.delete("/v1/loadbalancers/old-lb").status_code == 204
    assert client.delete("/v1/loadbalancers/old-lb").status_code == 404


def test_a_pool_has_two_files(client: TestClient) -> None:
    client.post("/v1/loadbalancers", json=pool_v1())
    files = "/v1/loadbalancers/old-lb/artifacts"
    assert client.get(files).json() == ["haproxy.cfg", "haproxy.cfg.ctmpl"]
    assert client.get(f"{files}/haproxy.cfg").text == client.get("/v2/pools/old-lb/lbconfig").text
    assert "backend ping" in client.get(f"{files}/haproxy.cfg").text
    assert client.get(f"{files}/haproxy.cfg.ctmpl").text == client.get("/v2/lbtemplate").text


def test_the_template_is_replaced_and_reset(client: TestClient) -> None:
    client.post("/v1/loadbalancers", json=pool_v1())
    file = "/v1/loadbalancers/old-lb/artifacts/haproxy.cfg.ctmpl"
    text = "{% for section in sections %}\n{{ section.text }}\n{% endfor %}\n# mine\n"
    assert client.put(file, content=text).text == text
    assert client.get(file).text == client.get("/v2/pools/old-lb/lbtemplate").text == text
    assert client.get("/v2/pools/old-lb/lbconfig").text.endswith("\n# mine\n")
    assert client.delete(file).text == client.get("/v2/lbtemplate").text
    assert "# mine" not in client.get("/v2/pools/old-lb/lbconfig").text


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_the_configuration_is_not_to_be_replaced(client: TestClient, method: str) -> None:
    client.post("/v1/loadbalancers", json=pool_v1())
    reply = client.request(method, "/v1/loadbalancers/old-lb/artifacts/haproxy.cfg", content=b"global\n")
    assert (reply.status_code, reply.text) == (405, "artifact haproxy.cfg is not overridable")
    assert reply.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("name", ["passwd", "..%2F..%2Fetc%2Fpasswd", "haproxy.cfg%00"])
def test_there_are_no_other_files(client: TestClient, method: str, name: str) -> None:
    client.post("/v1/loadbalancers", json=pool_v1())
    reply = client.request(method, f"/v1/loadbalancers/old-lb/artifacts/{name}", content=b"x")
    assert reply.status_code == 404
    assert reply.text.startswith("artifact ")
    assert reply.text.isprintable()
