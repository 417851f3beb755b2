"""The stub speaks Marathon's API as the client that people use understands it."""

from __future__ import annotations

import collections.abc
import json
import threading
from typing import TYPE_CHECKING, Any

import marathon.util
import pytest
import requests
from marathon import MarathonClient
from marathon.exceptions import ConflictError, NotFoundError
from marathon.models import MarathonApp

from integration.marathon_stub import Marathon, faults, run_marathon

if TYPE_CHECKING:
    from collections.abc import Iterator

WEB: dict[str, Any] = {
    "id": "/shop/web",
    "cmd": "run",
    "instances": 2,
    "labels": {"HAPROXY_GROUP": "external"},
    "portDefinitions": [{"port": 10001, "protocol": "tcp"}],
    "healthChecks": [{"protocol": "HTTP", "path": "/health", "portIndex": 0}],
}


@pytest.fixture
def stub() -> Iterator[Marathon]:
    with run_marathon() as started:
        yield started


@pytest.fixture
def client(stub: Marathon, monkeypatch: pytest.MonkeyPatch) -> MarathonClient:
    # The package was last released for Python 3.9.
    monkeypatch.setattr(marathon.util, "collections", collections.abc)
    return MarathonClient(stub.url, timeout=30)


class TestTheClientsOwn:
    def test_list_shows_apps_and_their_tasks(self, stub: Marathon, client: MarathonClient) -> None:
        stub.deploy(WEB)
        (app,) = client.list_apps(embed_tasks=True)
        assert (app.id, app.instances, app.labels) == ("/shop/web", 2, {"HAPROXY_GROUP": "external"})
        assert [task.state for task in app.tasks] == ["TASK_RUNNING"] * 2
        assert all(result.alive for task in app.tasks for result in task.health_check_results)
        assert [task.id for task in client.list_tasks()] == [task.id for task in app.tasks]
        assert len(client.list_tasks("/shop/web")) == 2

    def test_list_has_no_tasks_unless_they_are_embedded(self, stub: Marathon, client: MarathonClient) -> None:
        stub.deploy(WEB)
        assert client.list_apps()[0].tasks == []

    def test_filters_choose_apps(self, stub: Marathon, client: MarathonClient) -> None:
        stub.deploy(WEB)
        stub.deploy({"id": "/other", "cmd": "sleep"})
        assert [app.id for app in client.list_apps(app_id="web")] == ["/shop/web"]
        assert [app.id for app in client.list_apps(label="HAPROXY_GROUP==external")] == ["/shop/web"]
        assert [app.id for app in client.list_apps(cmd="sle")] == ["/other"]

    def test_life_of_an_app(self, client: MarathonClient) -> None:
        created = client.create_app("/api", MarathonApp(cmd="run", instances=1))
        assert created.id == "/api"
        with pytest.raises(ConflictError):
            client.create_app("/api", MarathonApp(cmd="run"))
        assert "deploymentId" in client.scale_app("/api", instances=3)
        assert len(client.get_app("/api").tasks) == 3
        before = {task.id for task in client.list_tasks("/api")}
        client.update_app("/api", MarathonApp(labels={"a": "b"}))
        assert before.isdisjoint(task.id for task in client.list_tasks("/api"))
        client.delete_app("/api")
        with pytest.raises(NotFoundError):
            client.get_app("/api")

    def test_killed_task_is_replaced(self, stub: Marathon, client: MarathonClient) -> None:
        stub.deploy(WEB)
        killed = client.list_tasks()[0].id
        assert client.kill_task("/shop/web", killed).id == killed
        left = [task.id for task in client.list_tasks()]
        assert len(left) == 2
        assert killed not in left
        assert client.kill_given_tasks(left[:1], scale=True)
        assert [task.id for task in client.list_tasks()] == left[1:]

    def test_several_apps_at_once(self, client: MarathonClient) -> None:
        assert "deploymentId" in client.update_apps([MarathonApp(id="/a", cmd="run"), MarathonApp(id="/b", cmd="run")])
        assert [app.id for app in client.list_apps()] == ["/a", "/b"]

    def test_restart_replaces_all_tasks(self, stub: Marathon, client: MarathonClient) -> None:
        stub.deploy(WEB)
        before = {task.id for task in client.list_tasks()}
        assert "deploymentId" in client.restart_app("/shop/web")
        after = {task.id for task in client.list_tasks()}
        assert len(after) == 2
        assert before.isdisjoint(after)
        killed = client.kill_tasks("/shop/web")
        assert {task.id for task in killed} == after

    def test_versions(self, stub: Marathon, client: MarathonClient) -> None:
        stub.deploy(WEB)
        (version,) = client.list_versions("/shop/web")
        assert client.get_version("/shop/web", version).id == "/shop/web"
        with pytest.raises(NotFoundError):
            client.get_version("/shop/web", "2014-03-01T23:24:14.846Z")

    def test_what_there_is_nothing_of_is_empty(self, client: MarathonClient) -> None:
        assert client.list_deployments() == client.list_queue() == client.list_groups() == []
        assert client.delete_leader() == {"message": "Leadership abdicated"}

    def test_leader_and_ping(self, stub: Marathon, client: MarathonClient) -> None:
        assert client.get_leader() == {"leader": stub.url.removeprefix("http://")}
        assert client.ping() == b"pong"
        assert client.get_info().elected

    def test_event_stream(self, stub: Marathon, client: MarathonClient) -> None:
        # Unless a stream comes in chunks, the client keeps back what fills less than half a kilobyte.
        stub.chunked = True
        heard = []

        def listen() -> None:
            heard.extend(client.event_stream())

        thread = threading.Thread(target=listen)
        thread.start()
        stub.wait_for_listeners()
        stub.deploy(WEB)
        stub.kill_task(stub.tasks()[0]["id"])
        stub.delete(WEB["id"])
        stub.bus.close_all()
        thread.join(30)
        kinds = [event.event_type for event in heard]
        assert kinds[0] == "event_stream_attached"
        expected = {"api_post_event", "status_update_event", "health_status_changed_event", "app_terminated_event"}
        assert expected | {"deployment_info", "deployment_success", "group_change_success"} <= set(kinds)
        updates = [event for event in heard if event.event_type == "status_update_event"]
        assert {event.app_id for event in updates} == {"/shop/web"}


class TestStreams:
    @pytest.mark.parametrize("packed", [False, True])
    @pytest.mark.parametrize("chunked", [False, True])
    def test_are_filtered_and_light(self, stub: Marathon, chunked: bool, packed: bool) -> None:
        stub.chunked, stub.packed = chunked, packed
        target = f"{stub.url}/v2/events?plan-format=light&event_type=deployment_info"
        with requests.get(target, stream=True, timeout=30) as response:
            stub.wait_for_listeners()
            stub.deploy(WEB)
            stub.bus.close_all()
            lines = [line for line in response.iter_lines(1) if line]
        assert lines[0] == b"event: deployment_info"
        plan = json.loads(lines[1].removeprefix(b"data: "))["plan"]
        assert plan["steps"] == [{"actions": [{"action": "StartApplication", "app": "/shop/web"}]}]
        assert "original" not in plan
        assert len(lines) == 2


class TestAvailability:
    def test_stopped_one_refuses_and_comes_back_on_its_port(self, stub: Marathon) -> None:
        stub.deploy(WEB)
        stub.stop()
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{stub.url}/v2/apps", timeout=30)
        stub.start()
        assert len(requests.get(f"{stub.url}/v2/apps", timeout=30).json()["apps"]) == 1

    def test_one_that_does_not_lead_redirects_or_passes_on(self, stub: Marathon) -> None:
        stub.deploy(WEB)
        with run_marathon() as follower:
            follower.leader = stub
            redirected = requests.get(f"{follower.url}/v2/apps", timeout=30, allow_redirects=False)
            assert redirected.headers["Location"] == f"{stub.url}/v2/apps"
            follower.proxied = True
            passed_on = requests.get(f"{follower.url}/v2/apps", timeout=30, allow_redirects=False)
            assert passed_on.headers["X-Marathon-Leader"] == stub.url
            assert passed_on.json()["apps"][0]["id"] == "/shop/web"

    def test_faults_are_counted_and_mended(self, stub: Marathon) -> None:
        stub.fail(faults.status(503), path="/v2/apps", times=2)
        codes = [requests.get(f"{stub.url}/v2/apps?embed=apps.tasks", timeout=30).status_code for _ in range(3)]
        assert codes == [503, 503, 200]
        stub.fail(faults.html(), path="/v2/apps")
        assert requests.get(f"{stub.url}/ping", timeout=30).text == "pong"
        assert requests.get(f"{stub.url}/v2/apps", timeout=30).headers["Content-Type"].startswith("text/html")
        stub.mend()
        assert requests.get(f"{stub.url}/v2/apps", timeout=30).json() == {"apps": []}
