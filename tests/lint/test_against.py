"""A change in the context of what runs: only what it causes or touches is told."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.lint.apps import app, sticky

if TYPE_CHECKING:
    from collections.abc import Iterator


def told(run: Any, *arguments: str) -> list[tuple[str, str, str | None]]:
    found = json.loads(run(*arguments, "--format", "json").out)["findings"]
    return [(each["rule"], each["file"], each["app"]) for each in found]


def test_what_is_wrong_elsewhere_is_not_told(run: Any, write: Any) -> None:
    write("running.json", {"apps": [sticky("/old", 10001), app("/shop", 10002)]})
    write("a.json", app("/shop", 10003))
    assert told(run, "a.json", "--against", "running.json") == []
    write("a.json", sticky("/shop", 10003))
    assert told(run, "a.json", "--against", "running.json") == [("label-bool-unknown", "a.json", "/shop")]


def test_a_clash_with_what_runs_is_told_wherever_it_is(run: Any, write: Any) -> None:
    write("running.json", {"apps": [app("/z", 10001), app("/a", 10002)]})
    for port in (10001, 10002):
        write("a.json", app("/shop", port))
        assert [rule for rule, *_ in told(run, "a.json", "--against", "running.json")] == ["port-clash"]


def test_the_change_takes_the_place_of_what_runs_under_its_id(run: Any, write: Any) -> None:
    write("running.json", {"apps": [app("/shop", 10001), app("/other", 10002)]})
    write("a.json", app("shop", 10001))
    assert told(run, "a.json", "--against", "running.json") == []


def test_a_clash_that_was_there_already_is_not_told(run: Any, write: Any) -> None:
    write("running.json", {"apps": [app("/a", 10001), app("/b", 10001)]})
    write("a.json", app("/shop", 10002))
    assert told(run, "a.json", "--against", "running.json") == []


def test_directories_and_several_are_taken(run: Any, write: Any) -> None:
    write("running/a.json", app("/a", 10001))
    write("running/b.yaml", "id: /b\nlabels: {HAPROXY_GROUP: external}\nportDefinitions: [{port: 10002}]\n")
    write("more.json", app("/c", 10003))
    write("a.json", [app("/x", 10001), app("/y", 10002), app("/z", 10003)])
    assert len(told(run, "a.json", "--against", "running", "--against", "more.json")) == 3


def test_the_change_may_be_a_part_of_what_it_is_compared_with(run: Any, write: Any) -> None:
    write("apps/old.json", sticky("/old", 10001))
    write("apps/a.json", sticky("/shop", 10001))
    found = told(run, "apps/a.json", "--against", "apps")
    assert sorted(rule for rule, *_ in found) == ["label-bool-unknown", "port-clash"]
    assert told(run, "apps", "--against", "apps") == told(run, "apps")


def pool(name: str, port: int) -> dict[str, Any]:
    frontend = {"bindPort": port, "protocol": "HTTP", "linkBackend": {"defaultBackend": "web"}}
    service = {"mesos": {"frameworkName": "f", "taskName": "t"}, "endpoint": {"port": 80}}
    backend = {"name": "web", "protocol": "HTTP", "services": [service]}
    return {"apiVersion": "V2", "name": name, "haproxy": {"frontends": [frontend], "backends": [backend]}}


def test_pools_are_replaced_by_name(run: Any, write: Any) -> None:
    running = pool("web", 99999)
    write("running.json", running)
    write("a.json", pool("web", 8080))
    assert told(run, "a.json", "--against", "running.json") == []
    write("a.json", pool("other", 8080))
    assert [file for _, file, _ in told(run, "a.json", "--against", "running.json") if file == "running.json"] == []


def test_what_runs_has_to_be_readable(run: Any, write: Any) -> None:
    write("a.json", app())
    for text, said in (
        ("{", "running.json:1:2"),
        ('{"message": "no"}', "error message of Marathon"),
        ("[1", "running"),
    ):
        write("running.json", text)
        ended = run("a.json", "--against", "running.json")
        assert ended.status == 2
        assert said in ended.err


class Reply(NamedTuple):
    status: int
    body: bytes


class Marathon(NamedTuple):
    """A Marathon that always says the same."""

    url: str
    asked: list[tuple[str, str | None]]
    reply: list[Reply]


@pytest.fixture
def marathon() -> Iterator[Marathon]:
    reply = [Reply(200, json.dumps({"apps": [app("/running", 10001)]}).encode())]
    asked: list[tuple[str, str | None]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers.get("Authorization")))
            self.send_response(reply[0].status)
            self.send_header("Content-Length", str(len(reply[0].body)))
            self.end_headers()
            self.wfile.write(reply[0].body)

        def log_message(self, *_: Any) -> None:
            """Nobody listens."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Marathon(f"http://127.0.0.1:{server.server_port}", asked, reply)
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_marathon_is_asked_for_its_apps(run: Any, write: Any, marathon: Marathon) -> None:
    write("a.json", app("/shop", 10001))
    assert [rule for rule, *_ in told(run, "a.json", "--against", marathon.url)] == ["port-clash"]
    assert [path for path, _ in marathon.asked] == ["/v2/apps?embed=apps.tasks"]


def test_a_url_with_a_path_is_taken_as_it_is(run: Any, write: Any, marathon: Marathon) -> None:
    write("a.json", app("/shop", 10002))
    assert run("a.json", "--against", f"{marathon.url}/service/marathon/v2/apps?label=x").status == 0
    assert [path for path, _ in marathon.asked] == ["/service/marathon/v2/apps?label=x"]


def test_name_and_password_are_sent_and_not_shown(run: Any, write: Any, marathon: Marathon) -> None:
    write("a.json", app("/shop", 10001))
    url = marathon.url.replace("//", "//joe:secret@")
    ended = run("a.json", "--against", url)
    assert "joe" not in ended.out + ended.err
    assert "secret" not in ended.out + ended.err
    assert marathon.asked[0][1] == "Basic am9lOnNlY3JldA=="


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Reply(401, b"no"), "answers 401"),
        (Reply(503, b""), "answers 503"),
        (Reply(200, b""), "answers with nothing"),
        (Reply(200, b"\xff\xfe"), "answers with something that is not UTF-8"),
        (Reply(200, b"<html>"), "value"),
        (Reply(200, b'{"message": "no"}'), "error message of Marathon"),
    ],
)
def test_another_answer_ends_the_run(run: Any, write: Any, marathon: Marathon, answer: Reply, said: str) -> None:
    write("a.json", app())
    marathon.reply[0] = answer
    ended = run("a.json", "--against", marathon.url)
    assert ended.status == 2
    assert said in ended.err
    assert marathon.url in ended.err
    assert ended.out == ""


@pytest.mark.parametrize("url", ["http://[:", "http://", "http:///x", "https://127.0.0.1:1/"])
def test_an_address_that_leads_nowhere_ends_the_run(run: Any, write: Any, url: str) -> None:
    write("a.json", app())
    ended = run("a.json", "--against", url)
    assert ended.status == 2
    assert ended.err.startswith("lbgen: error: ")
