"""What becomes of running pools when the server ends, or is killed, and when HAProxy is."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from integration.live_haproxy.load import Load, answer
from integration.server_run.edge import HOST, free_port, listens, pool, processes, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from integration.server_run.edge import Edge, Worker


@pytest.mark.parametrize("kind", ["process", "container"])
def test_a_server_that_is_killed_leaves_them_running_and_the_next_adopts_them(
    kind: str, make: Callable[..., Edge], worker: Callable[[str], Worker]
) -> None:
    edge, port = make(kind), free_port()
    edge.run(worker("one"))
    edge.start()
    edge.create(pool("web", port))
    chosen = pool("any", 0)
    edge.create(chosen)
    ports = ports_of(edge, "any")
    assert answer((HOST, ports[0])) == "one"
    master_before = started(edge, kind)

    with Load((HOST, port), clients=2) as load:
        edge.server.kill()
        load.go_on(20)
        edge.run(two := worker("two"))
        edge.start()
        edge.wait("web")
        until(lambda: answer((HOST, port)) == "two")
        load.go_on(20)
    assert set(load.answers) == {"one", two.name}, load.answers
    assert started(edge, kind) == master_before
    edge.wait("any")
    assert ports_of(edge, "any") == ports

    assert edge.server.stop() == 0
    assert not listens(port)
    assert processes(edge.data) == []

    edge.start()
    edge.wait("any")
    assert ports_of(edge, "any") == ports
    assert answer((HOST, ports[0])) == "two"


def ports_of(edge: Edge, name: str) -> list[int]:
    told = edge.metadata(name)
    return [each["port"] for each in (*told["frontends"][0]["endpoints"], *told["stats"])]


def started(edge: Edge, kind: str) -> object:
    """What tells a HAProxy from one that is started later."""
    if kind == "process":
        pid = (edge.place("web").directory / "haproxy.pid").read_text().split()[0]
        return pid, Path(f"/proc/{pid}").stat().st_ino
    return [each for each in edge.containers() if edge.place("web").directory.name in each]


def test_pools_that_went_meanwhile_are_ended(make: Callable[..., Edge], worker: Callable[[str], Worker]) -> None:
    edge, port = make(), free_port()
    edge.run(worker("one"))
    edge.start()
    edge.create(pool("web", port))
    edge.server.kill()
    assert answer((HOST, port)) == "one"
    without = edge_without_run(edge)
    without.ask("DELETE", "/v2/pools/web", status=204)
    without.server.kill()
    edge.start()
    until(lambda: not listens(port))
    until(lambda: not edge.place("web").directory.exists())


def edge_without_run(edge: Edge) -> Edge:
    from integration.server_run.edge import Edge

    other = Edge(edge.directory)
    other.start()
    return other


def test_a_haproxy_that_dies_is_started_again_and_others_do_not_notice(
    make: Callable[..., Edge], worker: Callable[[str], Worker]
) -> None:
    edge, port, other = make(), free_port(), free_port()
    edge.run(worker("one"))
    edge.start()
    edge.create(pool("web", port))
    edge.create(pool("other", other))
    with Load((HOST, other), clients=2) as load:
        pid = int((edge.place("web").directory / "haproxy.pid").read_text().split()[0])
        os.killpg(pid, signal.SIGKILL)
        until(lambda: answer((HOST, port)) == "one")
        edge.wait("web")
        load.go_on(10)
    assert set(load.answers) == {"one"}, load.answers
    assert "pool web: HAProxy is gone, and is started again" in edge.server.log


@pytest.mark.parametrize("kind", ["process", "container"])
def test_what_is_being_answered_at_the_end_is_answered(
    kind: str, make: Callable[..., Edge], worker: Callable[[str], Worker]
) -> None:
    edge, port = make(kind), free_port()
    slow = worker("slow")
    edge.run(slow)
    edge.start()
    edge.create(pool("web", port))
    slow.hold()
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(answer((HOST, port))))
    asking.start()
    until(lambda: slow.held > 0)
    edge.server.process.terminate()
    until(lambda: not listens(port))
    slow.release()
    asking.join(60)
    assert answers == ["slow"]
    assert edge.server.process.wait(120) == 0


def test_what_ran_as_containers_goes_on_as_processes(
    make: Callable[..., Edge], worker: Callable[[str], Worker], options: dict[str, tuple[str, ...]]
) -> None:
    edge, port = make("container"), free_port()
    edge.run(worker("one"))
    edge.start()
    edge.create(pool("web", port))
    assert len(processes(edge.data)) > 0
    edge.server.kill()
    edge.start(*options["process"])
    edge.wait("web")
    assert answer((HOST, port)) == "one"
    assert edge.place("web").by.read_text() == "process\n"
    assert edge.containers() == []


def test_a_new_server_that_is_told_of_no_tasks_leaves_pools_as_they_run(
    make: Callable[..., Edge], worker: Callable[[str], Worker]
) -> None:
    edge, port = make(), free_port()
    edge.run(one := worker("one"))
    edge.start()
    edge.create(pool("web", port))
    edge.server.kill()
    edge.tasks.write_text("nonsense")
    with Load((HOST, port), clients=2) as load:
        edge.start()
        assert "the tasks are not known" in edge.wait("web", "ERROR")["message"]
        load.go_on(10)
        edge.run(one)
        edge.wait("web")
    assert set(load.answers) == {"one"}, load.answers
