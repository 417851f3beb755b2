"""Pools that are running load balancers: they come, change, go on in spite of what is wrong, and go."""

from __future__ import annotations

import socket
import warnings
from typing import TYPE_CHECKING

import pytest
import requests

from integration.live_haproxy.load import Load, answer
from integration.server_run.edge import HOST, free_port, listens, pool, processes, until
from tests.server.documents import pool_v1

if TYPE_CHECKING:
    from collections.abc import Callable

    from integration.server_run.edge import Edge, Worker

UPDATES = 2


@pytest.mark.parametrize("kind", ["process", "container"])
def test_the_life_of_a_pool(kind: str, make: Callable[..., Edge], worker: Callable[[str], Worker]) -> None:
    edge, port = make(kind), free_port()
    edge.run(worker("one"))
    edge.start()
    edge.create(pool("web", port))
    assert answer((HOST, port)) == "one"
    runs_what_it_tells(edge)
    told = edge.metadata("web")
    assert told["frontends"] == [{"name": "front", "endpoints": [{"port": port, "private": [HOST], "public": []}]}]
    assert told["status"] == {"state": "OK", "message": "", "wanted": 1, "running": 1}

    with Load((HOST, port)) as load:
        for number in range(UPDATES):
            load.go_on(10)
            edge.put(pool("web", port, {"miscStrs": [f"timeout server {100 + number}s"]}))
            edge.wait("web")
            runs_what_it_tells(edge)
        goes_on_in_spite_of_a_bad_update(edge, port)
        load.go_on(10)
    assert set(load.answers) == {"one"}, load.answers

    edge.ask("DELETE", "/v2/pools/web", status=204)
    until(lambda: not edge.place("web").directory.exists())
    assert not listens(port)
    assert processes(edge.data) == []
    assert edge.server.stop() == 0


def runs_what_it_tells(edge: Edge) -> None:
    told = edge.ask("GET", "/v2/pools/web/lbconfig").content
    assert told == edge.place("web").config.read_bytes()


def goes_on_in_spite_of_a_bad_update(edge: Edge, port: int) -> None:
    good = edge.ask("GET", "/v2/pools/web/lbconfig").text
    edge.put(pool("web", port, {"miscStrs": ["http-request nonsense"]}))
    status = edge.wait("web", "ERROR")
    assert status["message"].startswith("HAProxy refuses the configuration: /haproxy/backends/0/miscStrs/0: "), status
    assert "nonsense" in status["message"]
    assert (status["wanted"], status["running"]) == (1, 1)
    # What is long is shortened there.
    assert f"pool web: {status['message'][:100]}" in edge.server.log
    assert edge.ask("GET", "/v2/pools/web/lbconfig").text == good
    runs_what_it_tells(edge)
    edge.put(pool("web", port))
    edge.wait("web")


def test_tasks_come_and_go_without_a_reload(make: Callable[..., Edge], worker: Callable[[str], Worker]) -> None:
    edge, port = make(), free_port()
    first, second, third = worker("one"), worker("two"), worker("three")
    edge.run(first)
    edge.start()
    edge.create(pool("web", port))
    before = edge.worker("web"), edge.reloads("web")

    def all_answer(*names: str) -> None:
        seen: list[str] = []
        until(lambda: seen.append(answer((HOST, port))) or set(seen[-4 * len(names) :]) == set(names))  # type: ignore[func-returns-value]

    with Load((HOST, port), clients=2) as load:
        edge.run(first, second, third)
        all_answer("one", "two", "three")
        edge.run(second, third)
        all_answer("two", "three")
        load.go_on(10)
    assert set(load.answers) == {"one", "two", "three"}, load.answers
    assert (edge.worker("web"), edge.reloads("web")) == before
    edge.wait("web")
    runs_what_it_tells(edge)


def test_a_port_has_one_pool_at_a_time(make: Callable[..., Edge], worker: Callable[[str], Worker]) -> None:
    edge, port = make(), free_port()
    edge.run(worker("one"))
    with socket.create_server((HOST, port)):
        edge.start()
        edge.ask("POST", "/v2/pools", pool("web", port))
        said = edge.wait("web", "ERROR")["message"]
        assert said == f"front cannot bind {HOST}:{port}: another program of this machine listens there"
    edge.wait("web")
    edge.ask("POST", "/v2/pools", pool("other", port))
    assert edge.wait("other", "ERROR") == {
        "state": "ERROR",
        "message": f"front cannot bind {HOST}:{port}: the pool web has it",
        "wanted": 1,
        "running": 0,
    }
    assert edge.status("web")["state"] == "OK"
    assert answer((HOST, port)) == "one"
    told_by_the_client(edge, port)
    edge.ask("DELETE", "/v2/pools/web", status=204)
    edge.wait("other")
    assert answer((HOST, port)) == "one"


def told_by_the_client(edge: Edge, port: int) -> None:
    well, not_well = edge.tell("status", "web"), edge.tell("status", "other")
    assert (well.returncode, not_well.returncode) == (0, 1), (well.stderr, not_well.stderr)
    assert well.stdout.splitlines()[1].split()[:5] == ["web", "V2", "1", "1", HOST]
    assert well.stdout.splitlines()[1].endswith("  ready")
    assert not_well.stdout.splitlines()[1].endswith(f"  front cannot bind {HOST}:{port}: the pool web has it")
    reached = edge.tell("endpoints", "web").stdout.splitlines()
    assert reached[1].split() == ["front", str(port), HOST, "-"]


def test_no_instances_are_wanted(make: Callable[..., Edge], worker: Callable[[str], Worker]) -> None:
    edge, port = make(), free_port()
    edge.run(worker("one"))
    edge.start()
    edge.create(pool("web", port, count=3))
    assert edge.status("web")["wanted"] == 3
    edge.put(pool("web", port, count=0))
    until(lambda: not listens(port))
    assert edge.wait("web") == {"state": "OK", "message": "", "wanted": 0, "running": 0}
    assert processes(edge.data) == []
    edge.put(pool("web", port, count=1))
    until(lambda: answer((HOST, port)) == "one")
    pools_of_v1_run_too(edge)


def pools_of_v1_run_too(edge: Edge) -> None:
    port = free_port()
    old = pool_v1("old", port)
    old["haproxy"]["frontends"][0] |= {"bindAddress": HOST, "linkBackend": {"defaultBackend": "web"}}
    old["haproxy"]["backends"][0] |= {"name": "web"}
    old["haproxy"]["backends"][0]["servers"][0]["task"] = {"value": "web"}
    old["haproxy"]["stats"] = {"bindAddress": HOST, "bindPort": 0}
    edge.ask("POST", "/v1/loadbalancers", old)
    until(lambda: answer((HOST, port)) == "one")
    told = edge.ask("GET", "/v1/loadbalancers/old/artifacts/haproxy.cfg").content
    assert told == edge.place("old").config.read_bytes()
    edge.ask("DELETE", "/v2/pools/old", status=204)
    until(lambda: not edge.place("old").directory.exists())


def test_a_certificate_and_a_template_of_ones_own(make: Callable[..., Edge], worker: Callable[[str], Worker]) -> None:
    edge, port = make(), free_port()
    edge.run(worker("one"))
    edge.start()
    wanted = pool("web", port, autoCertificate=True)
    wanted["haproxy"]["frontends"][0] |= {"protocol": "HTTPS", "certificates": ["$AUTOCERT"]}
    edge.create(wanted)
    certificate = edge.data / "certificates" / "web" / "autocert.pem"
    assert certificate.stat().st_mode & 0o777 == 0o600

    def served() -> str:
        reply = requests.get(f"https://{HOST}:{port}/", verify=False, timeout=60)
        return f"{reply.text} {reply.headers.get('X-Own')}"

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert served() == "one None"
        template = """{% for section in sections %}
{{ section.text }}
{% if section.kind == "frontend" %}
  http-response set-header X-Own {{ pool.name }}
{% endif %}
{% endfor %}
"""
        url = f"{edge.server.url}/v2/pools/web/lbtemplate"
        assert requests.put(url, data=template, timeout=120).status_code == 200
        until(lambda: served() == "one web")
    edge.wait("web")
    runs_what_it_tells(edge)
