"""Where tasks come from."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.errors import ToolError
from lbgen.pipeline.pools import PoolOptions
from lbgen.server.known_tasks import KnownTasks
from lbgen.server.running import Nobody
from lbgen.server.server import Server
from lbgen.server.tasks import Fetched, Files, of_marathon, of_mesos, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Marathon:
    """Answers on loopback, and remembers what it was asked with."""

    def __init__(self) -> None:
        self.answers = {"/v2/apps?embed=apps.tasks": (200, b'{"apps": []}'), "/v2/pods/::status": (200, b"[]")}
        self.tokens: list[str | None] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.tokens.append(self.headers.get("Authorization"))
                status, body = outer.answers.get(self.path, (404, b"nothing here"))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def marathon() -> Iterator[Marathon]:
    made = Marathon()
    yield made
    made.close()


def test_replies_are_kept_in_files(marathon: Marathon, tmp_path: Path) -> None:
    source = Fetched(of_marathon(f"{marathon.url}/"), tmp_path, {"Authorization": "token=x"})
    assert [path.read_bytes() for path in source.files()] == [b'{"apps": []}', b"[]"]
    assert marathon.tokens == ["token=x", "token=x"]
    assert [*source.kept()] == [*source.files()]


def test_a_marathon_without_pods_will_do(marathon: Marathon, tmp_path: Path) -> None:
    del marathon.answers["/v2/pods/::status"]
    assert [path.name for path in Fetched(of_marathon(marathon.url), tmp_path).files()] == ["apps.json"]


def test_who_does_not_answer_is_told(marathon: Marathon, tmp_path: Path) -> None:
    marathon.answers["/v2/apps?embed=apps.tasks"] = (503, b"no leader")
    with pytest.raises(ToolError, match="answers 503"):
        Fetched(of_marathon(marathon.url), tmp_path).files()
    with pytest.raises(ToolError, match="cannot be asked") as raised:
        Fetched(of_mesos("http://user:secret@127.0.0.1:1"), tmp_path).files()
    assert "secret" not in str(raised.value)


def test_what_was_known_stays(marathon: Marathon, tmp_path: Path) -> None:
    body = (
        b'{"apps": [{"id": "/a", "tasks": [], "labels": {"edgelb.expose": "true"}, "portDefinitions": [{"port": 1}]}]}'
    )
    marathon.answers["/v2/apps?embed=apps.tasks"] = (200, body)
    tasks = KnownTasks(Fetched(of_marathon(marathon.url), tmp_path))
    assert tasks.read()
    assert not tasks.read()
    before = tasks.known
    marathon.answers["/v2/apps?embed=apps.tasks"] = (200, b"<html>login</html>")
    assert not tasks.read()
    assert (tasks.known.asking, bool(tasks.known.problem)) == (before.asking, True)
    # Who starts while Marathon is away begins with what was there the last time.
    marathon.answers["/v2/apps?embed=apps.tasks"] = (200, body)
    assert not tasks.read()
    assert not tasks.known.problem
    marathon.close()
    again = KnownTasks(Fetched(of_marathon(marathon.url), tmp_path))
    assert again.read()
    assert again.known.asking == before.asking
    assert again.known.problem


def test_files_are_told_apart_by_what_is_in_them(tmp_path: Path) -> None:
    path = tmp_path / "apps.json"
    path.write_text("[]")
    first = snapshot(Files([path]))
    assert snapshot(Files([path])) == first
    path.write_text("{}")
    assert snapshot(Files([path])).fingerprint != first.fingerprint


def test_without_files_there_are_no_tasks() -> None:
    tasks = KnownTasks(Files())
    tasks.read()
    assert tasks.known.tasks.tasks == []
    assert not tasks.known.problem


LABELS = {"edgelb.expose": "true", "edgelb.web.frontend.port": "8080"}


def instance(number: int, status: str = "STABLE", state: str = "TASK_RUNNING") -> dict[str, Any]:
    """An instance of a pod with two containers, as Marathon tells of it."""
    name = f"shop_web.instance-{number}"
    listening: dict[str, Any] = {"name": "nginx", "status": state, "containerId": f"{name}.nginx"}
    listening["endpoints"] = [{"name": "http", "allocatedHostPort": 31000 + number}]
    beside = {"name": "sidecar", "status": "TASK_RUNNING", "containerId": f"{name}.sidecar"}
    host = f"192.0.2.{number}"
    return {"id": name, "status": status, "agentHostname": host, "containers": [listening, beside]}


def pod(*instances: dict[str, Any]) -> dict[str, Any]:
    """A pod in a reply of /v2/pods/::status."""
    containers = [{"name": "nginx", "endpoints": [{"name": "http", "hostPort": 0}]}, {"name": "sidecar"}]
    spec = {"id": "/shop/web", "labels": LABELS, "containers": containers, "networks": [{"mode": "host"}]}
    return {"id": "/shop/web", "spec": spec, "status": "STABLE", "instances": list(instances)}


def test_pods_of_a_marathon_become_auto_pools_and_are_followed(marathon: Marathon, tmp_path: Path) -> None:
    def now(*instances: dict[str, Any]) -> None:
        marathon.answers["/v2/pods/::status"] = (200, json.dumps([pod(*instances)]).encode())
        server.refresh()

    server = Server(tmp_path, Fetched(of_marathon(marathon.url), tmp_path / "tasks"), Nobody(), PoolOptions())
    server.pool_templates.create("default")
    now(instance(1), instance(2), instance(3, state="TASK_STAGING"), instance(4, status="PENDING"))
    assert server.pool_templates.get("default").status == {
        "status": "OK",
        "message": "",
        "statuses": {"/shop/web": {"status": "OK", "message": "", "uris": ["http://*:8080"]}},
    }
    assert servers(server) == ["192.0.2.1:31001", "192.0.2.2:31002"]
    now(instance(2), instance(5))
    assert servers(server) == ["192.0.2.2:31002", "192.0.2.5:31005"]
    now()
    assert server.pool_templates.get("default").status["status"] == "NO_TASKS"
    assert servers(server) == []
    server.close()


def servers(server: Server) -> list[str]:
    """The addresses in the backends of the pool auto-default."""
    text = server.pools.render(server.pools.get("auto-default")).text or ""
    lines = text.partition("\n  backend ")[2].split("\n")
    return [line.split()[2] for line in lines if line.strip().startswith("server ")]


def test_tasks_of_a_mesos_become_auto_pools(marathon: Marathon, tmp_path: Path) -> None:
    labels = [{"key": key, "value": value} for key, value in LABELS.items()]
    task: dict[str, Any] = {
        "id": "shop_web.instance-1.nginx",
        "name": "nginx",
        "framework_id": "f",
        "slave_id": "S",
        "labels": labels,
    }
    task |= {"state": "TASK_RUNNING", "discovery": {"ports": {"ports": [{"number": 31001, "name": "http"}]}}}
    state: dict[str, Any] = {"frameworks": [{"id": "f", "name": "marathon", "tasks": [task]}]}
    state |= {"slaves": [{"id": "S", "hostname": "192.0.2.1"}]}
    marathon.answers["/state"] = (200, json.dumps(state).encode())
    server = Server(tmp_path, Fetched(of_mesos(marathon.url), tmp_path / "tasks"), Nobody(), PoolOptions())
    server.pool_templates.create("default")
    server.refresh()
    assert servers(server) == ["192.0.2.1:31001"]
    assert list(server.pool_templates.get("default").status["statuses"]) == ["shop_web.instance-1.nginx"]
    labels[1]["value"] = "no port"
    marathon.answers["/state"] = (200, json.dumps(state).encode())
    server.refresh()
    assert (
        server.pool_templates.get("default").status["statuses"]["shop_web.instance-1.nginx"]["status"] == "RENDER_ERR"
    )
    server.close()
