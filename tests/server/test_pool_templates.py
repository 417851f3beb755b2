"""Pool templates: pools that follow the tasks that ask for them by label."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.server.pool_templates import DEFAULT_POOL_TEMPLATE
from tests.server.documents import app, pool

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.testclient import TestClient

    from lbgen.server.server import Server

EXPOSED = {"edgelb.expose": "true", "edgelb.template": "web"}


def status(client: TestClient, name: str = "web") -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/v2/pooltemplates/{name}/status").json()["pool"]
    return found


@pytest.mark.parametrize("root", ["/v2/pooltemplates", "/v2/poolTemplates"])
def test_templates_are_made_listed_and_removed(client: TestClient, root: str) -> None:
    made = client.post(root, json={"name": "web"})
    assert (made.status_code, made.json()) == (200, {"name": "web"})
    assert client.get("/v2/pooltemplates").json() == client.get("/config").json()["poolTemplates"] == [{"name": "web"}]
    assert client.post(root, json={"name": "web"}).json()["code"] == 409
    assert client.delete(f"{root}/web").status_code == 204
    assert client.delete(f"{root}/web").json() == {"code": 404, "message": "pool template web not found"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 602),
        ({"name": ""}, 602),
        ({"name": "a"}, 605),
        ({"name": "-a"}, 605),
        ({"name": "a/b"}, 605),
        ({"name": "web\n"}, 605),
        ({"name": "x" * 201}, 605),
        ({"name": 1}, 601),
        ([], 601),
    ],
)
def test_names(client: TestClient, body: object, code: int) -> None:
    reply = client.post("/v2/pooltemplates", json=body)
    assert (reply.status_code, reply.json()["code"]) == (422, code)


def test_the_pool_is_there_with_the_first_task(client: TestClient, now_running: Callable[..., None]) -> None:
    client.post("/v2/pooltemplates", json={"name": "web"})
    assert status(client)["status"] == "NO_TASKS"
    assert client.get("/v2/pools/auto-web").status_code == 404
    now_running(app(labels=EXPOSED))
    made = client.get("/v2/pools/auto-web").json()
    assert made["type"] == "template-dynamic"
    assert made["haproxy"]["frontends"][0]["bindPort"] == 80
    assert "192.0.2.7:31001" in client.get("/v2/pools/auto-web/lbconfig").text
    assert status(client) == {
        "status": "OK",
        "message": "",
        "statuses": {"/ping": {"status": "OK", "message": "", "uris": ["http://*:80"]}},
    }


def test_the_pool_follows_the_tasks(client: TestClient, now_running: Callable[..., None]) -> None:
    now_running(app(labels=EXPOSED))
    client.post("/v2/pooltemplates", json={"name": "web"})
    more = {**EXPOSED, "edgelb.shop.frontend.rules": "hostEq:shop.test"}
    now_running(app(labels=EXPOSED), app("/shop", "192.0.2.9", labels=more))
    text = client.get("/v2/pools/auto-web/lbconfig").text
    assert "192.0.2.7:31001" in text
    assert "192.0.2.9:31001" in text
    assert status(client)["statuses"].keys() == {"/ping", "/shop"}
    now_running(app("/shop", "192.0.2.9", labels=more))
    assert "192.0.2.7:31001" not in client.get("/v2/pools/auto-web/lbconfig").text


def test_without_tasks_the_pool_stays_without_servers(client: TestClient, now_running: Callable[..., None]) -> None:
    now_running(app(labels=EXPOSED))
    client.post("/v2/pooltemplates", json={"name": "web"})
    now_running(app("/other"))
    assert status(client)["status"] == "NO_TASKS"
    text = client.get("/v2/pools/auto-web/lbconfig").text
    assert "bind 0.0.0.0:80" in text
    assert "31001" not in text


def test_what_cannot_be_read_changes_nothing(
    client: TestClient, server: Server, tasks: Path, now_running: Callable[..., None]
) -> None:
    now_running(app(labels=EXPOSED))
    client.post("/v2/pooltemplates", json={"name": "web"})
    before = client.get("/v2/pools/auto-web/lbconfig").text
    for broken in ("{", '{"apps": null}', '{"apps": [{"id": 1}]}'):
        tasks.write_text(broken)
        server.refresh()
        assert client.get("/v2/pools/auto-web/lbconfig").text == before
        assert str(tasks) in status(client)["message"]
    tasks.unlink()
    server.refresh()
    assert "No such file" in status(client)["message"]
    now_running(app(host="192.0.2.8", labels=EXPOSED))
    assert status(client)["message"] == ""
    assert "192.0.2.8:31001" in client.get("/v2/pools/auto-web/lbconfig").text


def test_the_pool_goes_with_its_template(client: TestClient, now_running: Callable[..., None]) -> None:
    now_running(app(labels=EXPOSED))
    client.post("/v2/pooltemplates", json={"name": "web"})
    assert client.delete("/v2/pooltemplates/web").status_code == 204
    assert client.get("/v2/pools").json() == []


def test_a_pool_of_somebody_else_is_left_alone(client: TestClient, now_running: Callable[..., None]) -> None:
    mine = client.post("/v2/pools", json=pool("auto-web")).json()
    now_running(app(labels=EXPOSED))
    client.post("/v2/pooltemplates", json={"name": "web"})
    said = status(client)
    assert (said["status"], said["message"]) == ("SUBMIT_ERR", "pool auto-web already exists")
    client.delete("/v2/pooltemplates/web")
    assert client.get("/v2/pools/auto-web").json() == mine


def test_an_app_that_cannot_be_served_is_named(client: TestClient, now_running: Callable[..., None]) -> None:
    client.post("/v2/pooltemplates", json={"name": "web"})
    bad = {**EXPOSED, "edgelb.db.frontend.protocol": "TCP"}
    now_running(app(labels=EXPOSED), app("/db", "192.0.2.9", labels=bad))
    said = status(client)
    assert said["status"] == "OK"
    assert said["statuses"]["/ping"]["status"] == "OK"
    assert said["statuses"]["/db"]["status"] == "RENDER_ERR"
    assert said["statuses"]["/db"]["message"]


def test_a_template_of_ones_own(client: TestClient, now_running: Callable[..., None]) -> None:
    now_running(app(labels=EXPOSED))
    client.post("/v2/pooltemplates", json={"name": "web"})
    own = "/v2/pooltemplates/web/template"
    assert client.get(own).text == DEFAULT_POOL_TEMPLATE
    text = '{{ dict(pool, count=2, role="*") | tojson }}'
    assert client.put(own, content=text).text == text
    made = client.get("/v2/pools/auto-web").json()
    assert (made["count"], made["role"], made["name"]) == (2, "*", "auto-web")
    assert client.delete(own).text == DEFAULT_POOL_TEMPLATE
    assert client.get("/v2/pools/auto-web").json()["count"] == 1


def test_the_built_in_template_changes_nothing(client: TestClient, now_running: Callable[..., None]) -> None:
    now_running(app(labels=EXPOSED))
    client.post("/v2/pooltemplates", json={"name": "web"})
    before = client.get("/v2/pools/auto-web")
    client.put("/v2/pooltemplates/web/template", content=DEFAULT_POOL_TEMPLATE)
    assert client.get("/v2/pools/auto-web").json() == before.json()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{{ pool", "line 1"),
        ("words", "it makes no JSON"),
        ("{{ mesosTasks }}", "Go"),
        ("{{ range .Tasks }}{{ end }}", "Go"),
        ('{"name": "auto-web", "haproxy": 1}', "haproxy in body"),
        ('{"name": "auto-web", "haproxy": {"frontends": [{"bindPort": 1}]}}', "frontend.protocol cannot be empty"),
        ("[]", "must be of type object"),
    ],
)
def test_what_makes_no_pool_is_refused(client: TestClient, text: str, why: str) -> None:
    client.post("/v2/pooltemplates", json={"name": "web"})
    reply = client.put("/v2/pooltemplates/web/template", content=text)
    assert reply.status_code in {400, 422}
    assert why in reply.text
    assert client.get("/v2/pooltemplates/web/template").text == DEFAULT_POOL_TEMPLATE


def test_whoever_asks_for_json_is_told_the_line(client: TestClient) -> None:
    client.post("/v2/pooltemplates", json={"name": "web"})
    headers = {"Accept": "application/json"}
    reply = client.put("/v2/pooltemplates/web/template", content="\n\n{{ nothing }}", headers=headers)
    assert (reply.status_code, reply.json()["template_line"]) == (400, 3)


def test_a_template_that_fails_later_keeps_the_pool(client: TestClient, now_running: Callable[..., None]) -> None:
    now_running(app(labels=EXPOSED))
    client.post("/v2/pooltemplates", json={"name": "web"})
    text = "{{ pool.haproxy.backends[0].name.nothing if pool.haproxy.backends | length > 1 else pool | tojson }}"
    assert client.put("/v2/pooltemplates/web/template", content=text).status_code == 200
    before = client.get("/v2/pools/auto-web").json()
    now_running(app(labels=EXPOSED), app("/shop", labels={**EXPOSED, "edgelb.shop.frontend.port": "81"}))
    assert status(client)["status"] == "RENDER_ERR"
    assert client.get("/v2/pools/auto-web").json() == before


def test_a_change_by_hand_is_undone(client: TestClient, server: Server, now_running: Callable[..., None]) -> None:
    now_running(app(labels=EXPOSED))
    client.post("/v2/pooltemplates", json={"name": "web"})
    made = client.get("/v2/pools/auto-web").json()
    client.put("/v2/pools/auto-web", json={**made, "count": 9})
    server.refresh()
    assert client.get("/v2/pools/auto-web").json() == made
    client.delete("/v2/pools/auto-web")
    server.refresh()
    assert client.get("/v2/pools/auto-web").json() == made


def test_nothing_is_written_where_nothing_changes(client: TestClient, server: Server, tasks: Path) -> None:
    tasks.write_text(json.dumps({"apps": [app(labels=EXPOSED)]}))
    server.refresh()
    client.post("/v2/pooltemplates", json={"name": "web"})
    before = server.store.read(lambda state: state.revision())
    for _ in range(3):
        server.refresh()
    assert server.store.read(lambda state: state.revision()) == before
