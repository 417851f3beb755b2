"""Pools that run: what is done when they come, change and go, and what is told of them."""

from __future__ import annotations

import socket
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.edgelb.tasks import Tasks
from lbgen.errors import ToolError
from lbgen.pipeline.pools import PoolOptions
from lbgen.server.instances import balancer, keeper
from lbgen.server.instances.places import place_of, places
from lbgen.server.instances.running import Instances
from lbgen.server.rendering import Renderer
from lbgen.server.running import Instance, State, Wanted
from lbgen.server.store import StoredPool
from tests.server.documents import pool
from tests.server.engines import CRASHES, HANGS, REFUSED, Scripted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WHERE = Instance(("192.0.2.1",), ())
SOON = 30.0


class Pools:
    """Pools that are wanted, and what runs for them."""

    def __init__(self, root: Path, engine: Scripted) -> None:
        self.root = root
        self.engine = engine
        self.pools: dict[str, StoredPool] = {}
        self._revision = 0
        (root / "run").mkdir(exist_ok=True)
        self.running = Instances(root / "run", root / "certificates", engine, WHERE)
        self._renderer = Renderer(PoolOptions(), root / "certificates", self.running.placed)

    def put(self, name: str, port: int, *misc: str, **members: Any) -> None:
        self._revision += 1
        document = pool(name, port, **members)
        document["haproxy"]["frontends"][0] |= {"name": "front", "bindAddress": "127.0.0.1"}
        document["haproxy"]["stats"]["bindAddress"] = "127.0.0.1"
        document["haproxy"]["backends"][0]["miscStrs"] = list(misc)
        self.pools[name] = StoredPool(name, "V2", document, self._revision)
        self.follow()

    def remove(self, name: str) -> None:
        del self.pools[name]
        self.follow()

    def follow(self) -> None:
        self.running.apply(self.wanted)

    def wanted(self) -> list[Wanted]:
        return [
            Wanted(each.name, each.revision, "", each.document.get("count", 1), lambda each=each: self._render(each))  # type: ignore[misc]
            for each in self.pools.values()
        ]

    def _render(self, stored: StoredPool) -> Any:
        return self._renderer.render(stored, Tasks())

    def wait(self, name: str, state: State = State.OK) -> str:
        until(lambda: self.running.status(name).state is state)
        return self.running.problem(name)


def until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(balancer, "SPACING", 0.0)
    monkeypatch.setattr(keeper, "_LOOK", 0.01)


@pytest.fixture
def root() -> Iterator[Path]:
    """A directory whose name is short enough for sockets in it, whatever the test is called."""
    with tempfile.TemporaryDirectory(prefix="lbgen-run-") as directory:
        yield Path(directory)


@pytest.fixture
def made(root: Path) -> Iterator[Callable[..., Pools]]:
    all_made: list[Pools] = []

    def make(engine: Scripted | None = None) -> Pools:
        all_made.append(Pools(root, engine or Scripted()))
        return all_made[-1]

    yield make
    for each in all_made:
        each.running.close()


def test_a_pool_comes_changes_and_goes(made: Callable[..., Pools]) -> None:
    pools = made()
    pools.put("web", free_port())
    assert pools.wait("web") == ""
    text = pools.running.text("web")
    assert text == pools.engine.running["web"] == place_of(pools.root / "run", "web").config.read_text()
    assert list(pools.running.instances("web")) == [WHERE]
    assert "server-state-base" in text
    assert "option            idle-close-on-response" in text
    pools.put("web", free_port(), "timeout server 9s")
    pools.wait("web")
    assert "timeout server 9s" in (pools.running.text("web") or "")
    pools.remove("web")
    until(lambda: not place_of(pools.root / "run", "web").directory.exists())
    assert pools.engine.did == ["start web", "reload web", "stop web"]
    assert pools.running.text("web") is None
    assert list(pools.running.instances("web")) == []
    assert pools.running.health("web") == {}


def test_what_is_refused_leaves_the_old_one_running_and_says_where_it_stands(made: Callable[..., Pools]) -> None:
    pools, port = made(), free_port()
    pools.put("web", port)
    pools.wait("web")
    before = pools.running.text("web")
    pools.put("web", port, REFUSED)
    said = pools.wait("web", State.ERROR)
    assert said == (f"HAProxy refuses the configuration: /haproxy/backends/0/miscStrs/0: unknown keyword '{REFUSED}'.")
    assert pools.running.text("web") == before == pools.engine.running["web"]
    assert pools.running.status("web").running == 1
    pools.put("web", port)
    assert pools.wait("web") == ""
    assert pools.engine.did == ["start web"]


def test_what_fails_only_when_it_is_reloaded_is_not_left_on_disk(made: Callable[..., Pools]) -> None:
    pools, port = made(), free_port()
    pools.put("web", port)
    pools.wait("web")
    pools.put("web", port, CRASHES)
    assert pools.wait("web", State.ERROR) == "HAProxy does not serve the configuration: no more sockets"
    assert place_of(pools.root / "run", "web").config.read_text() == pools.engine.running["web"]
    pools.put("other", free_port(), CRASHES)
    assert "did not start" in pools.wait("other", State.ERROR)
    assert not place_of(pools.root / "run", "other").config.exists()
    assert pools.running.status("other").running == 0


def test_what_may_be_served_is_taken_back_where_nobody_said_so(made: Callable[..., Pools]) -> None:
    pools, port = made(), free_port()
    pools.put("web", port)
    pools.wait("web")
    before = pools.engine.running["web"]
    pools.put("web", port, HANGS)
    assert pools.wait("web", State.ERROR) == "HAProxy does not serve the configuration: no answer"
    pools.put("web", port)
    assert pools.wait("web") == ""
    assert pools.engine.running["web"] == before


def test_what_could_not_be_had_is_tried_again(made: Callable[..., Pools]) -> None:
    pools, port = made(), free_port()
    pools.put("web", port)
    pools.wait("web")
    pools.put("other", port)
    assert pools.wait("other", State.ERROR) == f"front cannot bind 127.0.0.1:{port}: the pool web has it"
    pools.remove("web")
    assert pools.wait("other") == ""


def test_what_cannot_be_rendered_hurts_nobody_else(made: Callable[..., Pools]) -> None:
    pools = made()
    pools.put("bad", 0)
    broken = StoredPool("worse", "V2", {"haproxy": {"frontends": "none"}}, 77)
    pools.pools["worse"] = broken
    pools.put("web", free_port())
    assert pools.wait("web") == ""
    assert pools.wait("bad") == ""
    assert pools.wait("worse", State.ERROR) != ""


def test_a_mistake_of_lbgens_hurts_nobody_else(made: Callable[..., Pools], caplog: pytest.LogCaptureFixture) -> None:
    pools = made()

    def raising() -> Any:
        raise ZeroDivisionError

    pools.put("web", free_port())
    wanted = [*pools.wanted(), Wanted("bad", 9, "", 1, raising)]
    pools.running.apply(lambda: wanted)
    assert pools.wait("bad", State.ERROR) == "a mistake of lbgen's; the log has it"
    assert pools.wait("web") == ""
    assert "ZeroDivisionError" in caplog.text


def test_the_engine_fails_for_a_while(made: Callable[..., Pools]) -> None:
    pools = made()
    pools.engine.broken = "the container engine fails"
    pools.put("web", free_port())
    assert pools.wait("web", State.ERROR) == "the container engine fails"
    pools.engine.broken = ""
    assert pools.wait("web") == ""


def test_nobody_is_asked_for_what_runs_already(made: Callable[..., Pools]) -> None:
    pools = made()
    pools.put("web", free_port())
    pools.wait("web")
    for _ in range(3):
        pools.follow()
        pools.wait("web")
    assert pools.engine.did == ["start web"]


def test_no_instances(made: Callable[..., Pools]) -> None:
    pools, port = made(), free_port()
    pools.put("web", port)
    pools.wait("web")
    pools.put("web", port, count=0)
    until(lambda: pools.engine.did == ["start web", "stop web"])
    pools.wait("web")
    assert pools.running.status("web")[2:] == (0, 0)
    pools.put("other", port)
    assert pools.wait("other") == ""
    pools.put("other", port, count=4)
    pools.wait("other")
    assert pools.running.status("other")[2:] == (4, 1)


def test_a_haproxy_that_dies_is_started_again(made: Callable[..., Pools]) -> None:
    pools = made()
    pools.put("web", free_port())
    pools.wait("web")
    del pools.engine.running["web"]
    until(lambda: pools.engine.did == ["start web", "start web"])
    pools.wait("web")


def test_a_haproxy_that_hangs_is_ended_as_late_as_the_pool_says(made: Callable[..., Pools]) -> None:
    pools = made()
    fields = {"poolHealthcheckGracePeriod": 1, "poolHealthcheckInterval": 1, "poolHealthcheckMaxFail": 1}
    pools.put("web", free_port(), **fields)
    pools.wait("web")
    pools.engine.hanging.add("web")
    until(lambda: "stop web" in pools.engine.did)
    pools.engine.hanging.clear()
    until(lambda: pools.engine.did == ["start web", "stop web", "start web"])


def test_the_environment_of_a_pool(made: Callable[..., Pools]) -> None:
    pools, port = made(), free_port()
    given = {"ELB_COLOR": "blue", "LD_PRELOAD": "/evil.so", "PATH": "/evil"}
    pools.put("web", port, environmentVariables=given)
    pools.wait("web")
    pools.put("web", port, "timeout server 9s", environmentVariables={**given, "ELB_COLOR": "red"})
    pools.wait("web")
    assert pools.engine.did == ["start {'ELB_COLOR': 'blue'} web", "stop web", "start {'ELB_COLOR': 'red'} web"]


def test_the_next_server_goes_on_with_what_runs(made: Callable[..., Pools], root: Path) -> None:
    engine, port = Scripted(), free_port()
    place = place_of(root / "run", "web")
    place.directory.mkdir(parents=True)
    place.make()
    place.config.write_text("frontend front\n  bind 127.0.0.1:1\n")
    engine.running["web"] = "what runs"
    gone = place_of(root / "run", "gone")
    gone.make()
    engine.running["gone"] = "what runs"
    pools = made(engine)
    pools.put("web", port)
    pools.wait("web")
    until(lambda: not gone.directory.exists())
    assert [each for each in engine.did if each.endswith("web")] == ["adopt web", "reload web"]
    assert [each for each in engine.did if each.endswith("gone")] == ["stop gone"]


def test_who_runs_already_has_the_older_right(made: Callable[..., Pools], root: Path) -> None:
    engine, port = Scripted(), free_port()
    place = place_of(root / "run", "web")
    place.directory.mkdir(parents=True)
    place.make()
    place.config.write_text(f"frontend front\n  bind 127.0.0.1:{port}\n")
    engine.running["web"] = place.config.read_text()
    pools = made(engine)
    pools.pools["web"] = StoredPool("web", "V2", pool("web", port), 1)
    pools.put("a", port)
    assert pools.wait("a", State.ERROR) == f"front cannot bind 127.0.0.1:{port}: the pool web has it"


def test_the_end_ends_everything(made: Callable[..., Pools]) -> None:
    pools = made()
    pools.put("web", free_port())
    pools.put("other", free_port())
    pools.wait("web")
    pools.wait("other")
    pools.running.close()
    assert pools.engine.running == {}
    assert place_of(pools.root / "run", "web").config.exists()


def test_what_is_asked_for_is_pending_at_once(made: Callable[..., Pools]) -> None:
    pools, port = made(), free_port()
    pools.put("web", port)
    assert pools.running.status("web").state in {State.PENDING, State.OK}
    pools.wait("web")
    pools.put("web", port, REFUSED)
    assert pools.running.status("web").state is not State.OK


@pytest.mark.parametrize("name", ["../../etc", "/etc/passwd", "a" * 200, "", ".", "a\nb", "\udc80", "web"])
def test_no_name_leaves_the_directory(tmp_path: Path, name: str) -> None:
    place = place_of(tmp_path, name)
    assert place.directory.parent == tmp_path
    assert len(place.directory.name) == 16


def test_directories_of_others_are_left_alone(tmp_path: Path) -> None:
    place_of(tmp_path, "web").make()
    (tmp_path / "strange").mkdir()
    (tmp_path / "strange" / "pool").write_text("../web\n")
    (tmp_path / "binary").mkdir()
    (tmp_path / "binary" / "pool").write_bytes(b"\xff\xfe")
    assert [each.pool for each in places(tmp_path)] == ["web"]


def test_a_second_server_keeps_away(made: Callable[..., Pools]) -> None:
    made()
    with pytest.raises(ToolError, match="another lbgen uses the directory"):
        made()


def test_too_long_a_name_is_told_in_time(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="too long a name for sockets"):
        Instances(tmp_path / ("x" * 90), tmp_path, Scripted(), WHERE)
