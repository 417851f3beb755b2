"""Pools of V2 over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.server.documents import app, pool, pool_v1

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient


def test_a_pool_is_made_with_200_and_comes_back_with_its_defaults(client: TestClient) -> None:
    made = client.post("/v2/pools", json=pool())
    assert made.status_code == 200
    assert made.json() == client.get("/v2/pools/ping-lb").json() == client.get("/v2/pools").json()[0]
    assert made.json()["namespace"] == "dcos-edgelb/pools"
    assert made.json()["packageVersion"] == client.get("/version").text
    assert made.json()["cpus"] == 0.9
    assert made.json()["haproxy"]["backends"][0]["rewriteHttp"]["request"]["forwardfor"] is True


def test_zeros_that_say_nothing_are_left_out_and_lists_are_not(client: TestClient) -> None:
    given = pool(count=0, autoCertificate=False)
    given["haproxy"]["backends"][0]["customCheck"] = {}
    given["haproxy"]["backends"][0]["services"][0]["endpoint"]["check"] = {"enabled": False}
    made = client.post("/v2/pools", json=given).json()
    assert made["count"] == 0
    assert "autoCertificate" not in made
    assert made["secrets"] == made["ports"] == made["virtualNetworks"] == []
    backend = made["haproxy"]["backends"][0]
    assert backend["customCheck"] == {}
    assert backend["services"][0]["endpoint"]["check"] == {"enabled": False}
    assert "allPorts" not in backend["services"][0]["endpoint"]
    assert made["haproxy"]["stats"] == {"bindAddress": "0.0.0.0", "bindPort": 0}


def test_what_comes_back_can_be_sent_again(client: TestClient) -> None:
    made = client.post("/v2/pools", json=pool(count=0, constraints="", namespace="")).json()
    assert client.put("/v2/pools/ping-lb", json=made).json() == made


def test_unknown_members_are_dropped(client: TestClient) -> None:
    made = client.post("/v2/pools", json=pool(nmae="typo"))
    assert made.status_code == 200
    assert "nmae" not in made.json()


def test_a_name_is_taken_once(client: TestClient) -> None:
    client.post("/v2/pools", json=pool())
    again = client.post("/v2/pools", json=pool(namespace="elsewhere"))
    assert (again.status_code, again.json()) == (409, {"code": 409, "message": "pool ping-lb already exists"})


def test_put_goes_by_the_name_in_the_body(client: TestClient) -> None:
    client.post("/v2/pools", json=pool())
    changed = client.put("/v2/pools/whatever", json=pool(count=3))
    assert (changed.status_code, changed.json()["count"]) == (200, 3)
    assert client.get("/v2/pools/ping-lb").json()["count"] == 3
    unknown = client.put("/v2/pools/ping-lb", json=pool("other"))
    assert (unknown.status_code, unknown.json()["message"]) == (404, "pool other not found")


def test_the_namespace_stays(client: TestClient) -> None:
    client.post("/v2/pools", json=pool())
    assert client.put("/v2/pools/ping-lb", json=pool(namespace="dcos-edgelb/pools")).status_code == 200
    moved = client.put("/v2/pools/ping-lb", json=pool(namespace="elsewhere"))
    assert moved.status_code == 400
    assert moved.json()["message"].startswith("changing namespace currently not supported: please uninstall pool")


def test_delete_answers_204_and_then_404(client: TestClient) -> None:
    client.post("/v2/pools", json=pool())
    gone = client.delete("/v2/pools/ping-lb")
    assert (gone.status_code, gone.content) == (204, b"")
    assert client.delete("/v2/pools/ping-lb").json() == {"code": 404, "message": "pool ping-lb not found"}


def test_a_pool_of_v1_is_removed_and_not_read(client: TestClient) -> None:
    client.post("/v1/loadbalancers", json=pool_v1())
    assert client.get("/v2/pools/old-lb").json()["message"] == "pool old-lb is not APIVersion V2"
    assert client.put("/v2/pools/old-lb", json=pool("old-lb")).status_code == 404
    assert client.get("/v2/config").json() == {"pools": []}
    assert client.delete("/v2/pools/old-lb").status_code == 204


def test_v2_is_read_as_v2_whatever_it_says(client: TestClient) -> None:
    assert client.post("/v2/pools", json=pool(apiVersion="V1")).json()["apiVersion"] == "V2"


def test_lbconfig_has_the_servers_of_now(client: TestClient, now_running: Callable[..., None]) -> None:
    client.post("/v2/pools", json=pool())
    before = client.get("/v2/pools/ping-lb/lbconfig")
    assert before.headers["content-type"] == "text/plain; charset=utf-8"
    assert "server agentip_192.0.2.7_31001 192.0.2.7:31001 check" in before.text
    now_running(app(host="192.0.2.8"))
    assert "server agentip_192.0.2.8_31001" in client.get("/v2/pools/ping-lb/lbconfig").text


@pytest.mark.parametrize("path", ["lbconfig", "lbtemplate", "metadata"])
def test_texts_and_metadata_have_bare_errors(client: TestClient, path: str) -> None:
    reply = client.get(f"/v2/pools/nobody/{path}")
    assert (reply.status_code, reply.text) == (404, "pool nobody not found")
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    reply = client.get(f"/v2/pools/nobody/{path}", headers={"Accept": "application/json"})
    assert (reply.status_code, reply.json()) == (404, {"code": 404, "message": "pool nobody not found"})


def test_metadata_tells_of_ports(client: TestClient) -> None:
    client.post("/v2/pools", json=pool())
    found = client.get("/v2/pools/ping-lb/metadata").json()
    assert found["name"] == "ping-lb"
    assert found["aws"] == {"elbs": []}
    ports = [{"port": 15001, "private": [], "public": []}]
    assert found["frontends"] == [{"name": "frontend_0.0.0.0_15001", "endpoints": ports}]
    stats = found["stats"][0]["port"]
    assert f"bind 0.0.0.0:{stats}\n" in client.get("/v2/pools/ping-lb/lbconfig").text


def test_containers_hold_both_versions(client: TestClient) -> None:
    client.post("/v2/pools", json=pool())
    client.post("/v1/loadbalancers", json=pool_v1())
    found = client.get("/config").json()
    assert found["poolTemplates"] == []
    assert [(each["name"], each["apiVersion"], "v1" in each, "v2" in each) for each in found["pools"]] == [
        ("old-lb", "V1", True, False),
        ("ping-lb", "V2", False, True),
    ]
    assert client.get("/pools/ping-lb").json() == found["pools"][1]


def test_a_change_can_ask_to_be_the_next_one(client: TestClient) -> None:
    tag = client.post("/v2/pools", json=pool()).headers["etag"]
    first = client.put("/v2/pools/ping-lb", json=pool(count=2), headers={"If-Match": tag})
    assert first.status_code == 200
    assert first.headers["etag"] != tag
    late = client.put("/v2/pools/ping-lb", json=pool(count=3), headers={"If-Match": tag})
    assert late.status_code == 412
    assert client.delete("/v2/pools/ping-lb", headers={"If-Match": tag}).status_code == 412
    assert client.get("/v2/pools/ping-lb").json()["count"] == 2
    both = f"{tag}, {first.headers['etag']}"
    assert client.delete("/v2/pools/ping-lb", headers={"If-Match": both}).status_code == 204


def test_a_revision_never_comes_back(client: TestClient) -> None:
    tag = client.post("/v2/pools", json=pool()).headers["etag"]
    client.delete("/v2/pools/ping-lb")
    client.post("/v2/pools", json=pool())
    assert client.put("/v2/pools/ping-lb", json=pool(), headers={"If-Match": tag}).status_code == 412


def test_what_is_known_is_not_sent_again(client: TestClient) -> None:
    tag = client.post("/v2/pools", json=pool()).headers["etag"]
    assert client.get("/v2/pools/ping-lb", headers={"If-None-Match": tag}).status_code == 304
    client.put("/v2/pools/ping-lb", json=pool(count=2))
    assert client.get("/v2/pools/ping-lb", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("path", ["/ping", "/v1/ping", "/service/edgelb/ping"])
def test_ping(client: TestClient, path: str) -> None:
    reply = client.get(path)
    assert (reply.status_code, reply.text) == (200, "pong")


def test_everything_is_under_the_prefix_too(client: TestClient) -> None:
    client.post("/service/edgelb/v2/pools", json=pool())
    assert client.get("/v2/pools/ping-lb").json() == client.get("/service/edgelb/v2/pools/ping-lb").json()
    assert client.get("/service/edgelb/version").text == client.get("/v1/version").text == "v1.7.0"
    assert client.get("/service/edgelbv2/pools").status_code == 404
