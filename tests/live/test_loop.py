"""The loop: what happens to Marathon and to HAProxy, and what is served all the while."""

from __future__ import annotations

import json
import queue
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.errors import ToolError
from lbgen.live import shrinking
from lbgen.live.applying import NotServed
from lbgen.live.assembly import Live, Settings, assemble
from lbgen.live.contract import Change, Reloaded, Reply, SourceError
from lbgen.live.haproxy.spacing import Spacing
from lbgen.live.rhythm import Rhythm
from lbgen.pipeline.options import Options
from tests.live.cluster import Judge, app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Marathon:
    """A source whose apps are set by the test; `trouble` is raised by whoever asks."""

    def __init__(self, *apps: dict[str, Any]) -> None:
        self.apps = {each["id"]: each for each in apps}
        self.trouble: Exception | None = None
        self.fetched = 0
        self.asking = False
        self._answering = threading.Event()
        self._answering.set()
        self._events: queue.Queue[Change] = queue.Queue()

    def set(self, given: dict[str, Any]) -> None:
        self.apps[given["id"]] = given
        self.tell(given["id"])

    def remove(self, app_id: str) -> None:
        del self.apps[app_id]
        self.tell(app_id)

    def tell(self, *app_ids: str) -> None:
        self._events.put(Change(frozenset(app_ids) or None, "changed", time.monotonic()))

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Within it, nobody gets an answer before `answer` is called."""
        self.asking = False
        self._answering.clear()
        try:
            yield
        finally:
            self.answer()

    def answer(self) -> None:
        self._answering.set()

    def fetch(self) -> Reply:
        self.fetched += 1
        return self._reply({"apps": list(self.apps.values())})

    def fetch_app(self, app_id: str) -> Reply | None:
        return self._reply({"app": self.apps[app_id]}) if app_id in self.apps else None

    def events(self, stop: threading.Event) -> Iterator[Change]:
        while not stop.is_set():
            try:
                yield self._events.get(timeout=0.01)
            except queue.Empty:
                continue

    def _reply(self, value: object) -> Reply:
        self.asking = True
        assert self._answering.wait(300)
        if self.trouble is not None:
            raise self.trouble
        return Reply(json.dumps(value), "http://marathon", time.monotonic())


class Haproxy:
    """A HAProxy that reads the file when it is told to; `refuses` says what it says to a text, if anything."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self.refuses: Callable[[str], str] = lambda _: ""
        self.running = ""
        self.up = False
        self.starts = 0
        self.reloads = 0

    def start(self) -> None:
        self.starts += 1
        text = self._config.read_text()
        if said := self.refuses(text):
            raise ToolError(said)
        self.up, self.running = True, text

    def reload(self) -> Reloaded:
        self.reloads += 1
        text = self._config.read_text()
        if said := self.refuses(text):
            return Reloaded(False, said, 0.0)
        self.running = text
        return Reloaded(True, "", 0.0)

    def alive(self) -> bool:
        return self.up

    def processes(self) -> list[Any]:
        return []

    def runtime(self) -> None:
        return None

    def stop(self) -> None:
        self.up = False


class Bench:
    """A load balancer with everything around it made up."""

    def __init__(self, tmp_path: Path, marathon: Marathon, **settings: Any) -> None:
        self.config = tmp_path / "haproxy.cfg"
        self.marathon = marathon
        self.haproxy = Haproxy(self.config)
        self.judge = Judge()
        self.listening = True
        rhythm = settings.pop("rhythm", Rhythm(alive=0.05, retry=0.05, most_retry=0.1))
        given = {"min_reload_spacing": 0.0, "debounce": 0.0, "own": False, **settings}
        self.live: Live = assemble(
            marathon,
            self.haproxy,
            self.config,
            Options(haproxy_config=str(self.config), bind_http_https=False),
            Settings(state_dir=tmp_path / "state", rhythm=rhythm, **given),
            asking=self.judge,
            listening=lambda: self.listening,
        )
        self.haproxy.up = True

    @contextmanager
    def running(self) -> Iterator[Bench]:
        thread = threading.Thread(target=self.live.loop.run)
        thread.start()
        try:
            yield self
        finally:
            self.live.triggers.stop()
            thread.join(60)
        assert not thread.is_alive()

    def until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < end, self.live.states.now
            time.sleep(0.005)

    def serves(self, *lines: str) -> None:
        self.until(lambda: all(line in self.haproxy.running for line in lines))

    def backends(self) -> set[str]:
        return {line.split()[1] for line in self.haproxy.running.splitlines() if line.startswith("backend ")}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, Marathon(app("a"), app("b", port=10001)))


def test_what_marathon_says_is_served(bench: Bench) -> None:
    with bench.running():
        bench.serves("backend a_10000", "backend b_10001")
        bench.until(lambda: bench.live.states.now.updated is not None)
        state = bench.live.states.now
        assert (state.apps, state.served, state.backends, state.servers) == (2, 2, 2, 2)
        assert (state.left_out, state.error, state.apps_shrunk) == ((), "", "")
        assert bench.config.read_text() == bench.haproxy.running


def test_nothing_is_reloaded_where_nothing_changed(bench: Bench) -> None:
    with bench.running():
        bench.until(lambda: bench.live.states.now.updates == 1)
        bench.live.triggers.update("SIGHUP")
        bench.until(lambda: bench.live.states.now.updates == 2)
        assert bench.haproxy.reloads == 1


def test_apps_come_and_go_without_all_being_asked_for(bench: Bench) -> None:
    with bench.running():
        bench.until(lambda: bench.live.states.now.updates == 1)
        bench.marathon.set(app("c", port=10002))
        bench.serves("backend c_10002")
        bench.marathon.remove("/b")
        bench.until(lambda: "backend b_10001" not in bench.haproxy.running)
        assert bench.marathon.fetched == 1


def test_a_full_answer_that_says_little_new_makes_nothing_anew(bench: Bench) -> None:
    with bench.running():
        bench.until(lambda: bench.live.states.now.updates == 1)
        before = bench.live.states.now.data_at
        bench.marathon.apps["/c"] = app("c", port=10002, HAPROXY_GROUP="others")
        bench.marathon.tell()
        bench.until(lambda: bench.live.states.now.data_at != before)
        assert (bench.live.states.now.apps, bench.live.states.now.updates) == (3, 1)


def test_a_full_answer_that_says_something_new_is_served(bench: Bench) -> None:
    with bench.running():
        bench.until(lambda: bench.live.states.now.updates == 1)
        del bench.marathon.apps["/b"]
        bench.marathon.apps["/c"] = app("c", port=10002)
        bench.marathon.tell()
        bench.serves("backend c_10002")
        assert bench.backends() == {"a_10000", "c_10002"}


def test_an_app_of_nobody_here_is_no_work(bench: Bench) -> None:
    with bench.running():
        bench.until(lambda: bench.live.states.now.updates == 1)
        bench.marathon.set(app("c", port=10002, HAPROXY_GROUP="others"))
        bench.until(lambda: bench.live.states.now.apps == 3)
        bench.marathon.set(app("d", port=10003))
        bench.serves("backend d_10003")
        bench.until(lambda: bench.live.states.now.updates >= 2)
        assert bench.live.states.now.updates == 2


def test_a_bad_app_costs_only_itself_and_is_told(bench: Bench) -> None:
    with bench.running():
        bench.serves("backend a_10000")
        bench.marathon.set(app("c", "gives-up", port=10002))
        bench.marathon.set(app("d", "own", port=10003))
        bench.serves("backend d_10003")
        bench.until(lambda: [each.app for each in bench.live.states.now.left_out] == ["/c"])
        assert bench.backends() == {"a_10000", "b_10001", "d_10003"}


def test_colours_of_a_deployment_are_one_and_the_old_one_drains(tmp_path: Path) -> None:
    def colour(name: str, started: str, tasks: int) -> dict[str, Any]:
        labels = {"HAPROXY_DEPLOYMENT_GROUP": "site", "HAPROXY_DEPLOYMENT_STARTED_AT": started}
        made = app(f"site-{name}", tasks=tasks)
        made["labels"] |= {**labels, "HAPROXY_DEPLOYMENT_TARGET_INSTANCES": "1"}
        made["instances"] = tasks
        if name == "green":
            made["tasks"] = [dict(each, id=f"g{each['id']}", host="10.0.1.1") for each in made["tasks"]]
        return made

    bench = Bench(tmp_path, Marathon(colour("blue", "2026-01-01T00:00:01", 1)))
    with bench.running():
        bench.serves("backend site_10000")
        bench.marathon.set(colour("green", "2026-01-01T00:00:02", 1))
        bench.serves("10.0.1.1:30000")
        assert bench.backends() == {"site_10000"}
        drained = [line for line in bench.haproxy.running.splitlines() if line.endswith(" disabled")]
        assert ["10.0.0.1:30000" in line for line in drained] == [True]
        bench.marathon.remove("/site-blue")
        bench.until(lambda: "10.0.0.1:30000" not in bench.haproxy.running)


@pytest.mark.parametrize("trouble", [SourceError("nobody answers"), RuntimeError("a mistake")])
def test_what_was_served_stays_while_marathon_cannot_be_asked(bench: Bench, trouble: Exception) -> None:
    with bench.running():
        bench.serves("backend a_10000")
        bench.marathon.trouble = trouble
        bench.live.triggers.update("SIGHUP")
        bench.until(lambda: bench.live.states.now.failures > 1)
        assert bench.backends() == {"a_10000", "b_10001"}
        assert bench.live.states.now.error
        bench.marathon.trouble = None
        bench.until(lambda: bench.live.states.now.error == "")


def test_without_marathon_it_begins_with_the_file_on_disk(tmp_path: Path) -> None:
    (tmp_path / "haproxy.cfg").write_text("global\n")
    bench = Bench(tmp_path, Marathon(), own=True)
    bench.marathon.trouble = SourceError("nobody answers")
    with bench.running():
        bench.serves("global")
        assert bench.config.read_text() == "global\n"


def test_a_sudden_emptiness_is_served_only_once_it_is_confirmed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shrinking, "CONFIRM_NOTHING", 0.3)
    with bench.running():
        bench.until(lambda: bench.live.states.now.updates == 1)
        bench.marathon.apps.clear()
        bench.live.triggers.update("SIGHUP")
        bench.until(lambda: bool(bench.live.states.now.apps_shrunk))
        assert bench.backends() == {"a_10000", "b_10001"}
        bench.until(lambda: bench.backends() == set())
        bench.until(lambda: bench.live.states.now.apps_shrunk == "")
        assert bench.marathon.fetched == 3


def test_what_is_asked_for_meanwhile_does_not_put_a_confirmation_off(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shrinking, "CONFIRM_NOTHING", 0.3)

    def gone() -> bool:
        bench.live.triggers.update("SIGHUP")
        return bench.backends() == set()

    with bench.running():
        bench.until(lambda: bench.live.states.now.updates == 1)
        bench.marathon.apps.clear()
        bench.until(gone)


def test_a_haproxy_that_dies_is_started_again(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Marathon(app("a")), own=True)
    with bench.running():
        bench.serves("backend a_10000")
        bench.haproxy.up = False
        bench.until(lambda: bench.haproxy.up)
        bench.until(lambda: bench.live.states.now.restarts == 1)


def test_a_haproxy_that_does_not_come_back_at_once_is_started_again_and_again(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Marathon(app("a")), own=True)
    with bench.running():
        bench.serves("backend a_10000")
        bench.haproxy.refuses = lambda _: "no memory"
        bench.haproxy.up = False
        bench.until(lambda: bench.haproxy.starts == 2)
        assert not bench.live.states.now.ready
        bench.haproxy.refuses = lambda _: ""
        bench.until(lambda: bench.haproxy.up)
        bench.until(lambda: bench.live.states.now.ready)


def test_one_that_is_somebody_elses_is_only_watched(bench: Bench) -> None:
    with bench.running():
        bench.serves("backend a_10000")
        bench.haproxy.up = False
        bench.until(lambda: not bench.live.states.now.ready)
        bench.haproxy.up = True
        bench.until(lambda: bench.live.states.now.ready)
        assert (bench.haproxy.starts, bench.live.states.now.restarts) == (0, 0)


def test_who_makes_haproxy_refuse_a_reload_is_left_out(bench: Bench) -> None:
    said = "Starting frontend c_10002_in: cannot bind socket (Address already in use)"
    bench.haproxy.refuses = lambda text: said if "c_10002" in text else ""
    with bench.running():
        bench.serves("backend a_10000")
        bench.marathon.set(app("c", port=10002))
        bench.until(lambda: [each.app for each in bench.live.states.now.left_out] == ["/c"])
        bench.marathon.set(app("d", port=10003))
        bench.serves("backend d_10003")
        assert "c_10002" not in bench.config.read_text()


def test_a_refused_reload_leaves_the_old_file(bench: Bench) -> None:
    with bench.running():
        bench.until(lambda: bench.live.states.now.updates == 1)
        before = bench.config.read_text()
        bench.haproxy.refuses = lambda _: "out of memory"
        bench.marathon.set(app("c", port=10002))
        bench.until(lambda: bench.live.states.now.failed_reloads > 0)
        bench.until(lambda: bench.config.read_text() == before)
        bench.haproxy.refuses = lambda _: ""
        bench.serves("backend c_10002")


def test_reloads_keep_their_distance_and_the_last_word_counts(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Marathon(app("a")), min_reload_spacing=1.0)
    with bench.running():
        bench.serves("backend a_10000")
        for number in range(1, 6):
            bench.marathon.set(app(f"n{number}", port=11000 + number))
        bench.serves("backend n5_11005")
        assert bench.haproxy.reloads <= 3


def test_a_clock_that_goes_backwards_changes_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench.running():
        bench.serves("backend a_10000")
        monkeypatch.setattr(time, "time", lambda: 0.0)
        bench.marathon.set(app("c", "refused", port=10002))
        bench.marathon.set(app("d", port=10003))
        bench.serves("backend d_10003")
        bench.until(lambda: [each.app for each in bench.live.states.now.left_out] == ["/c"])


def test_a_reload_is_had_without_asking_marathon(bench: Bench) -> None:
    with bench.running():
        bench.until(lambda: bench.live.states.now.updates == 1)
        bench.live.triggers.reload("SIGUSR1")
        bench.until(lambda: bench.haproxy.reloads == 2)
        assert bench.marathon.fetched == 1


def test_polling_asks_again_and_again(tmp_path: Path) -> None:
    rhythm = Rhythm(full=0.05, events=False)
    bench = Bench(tmp_path, Marathon(app("a")), rhythm=rhythm)
    with bench.running():
        bench.serves("backend a_10000")
        bench.marathon.apps["/b"] = app("b", port=10001)
        bench.serves("backend b_10001")


def test_while_nobody_hears_events_everything_is_asked_for_again_and_again(tmp_path: Path) -> None:
    rhythm = Rhythm(alive=0.01, deaf=0.01)
    bench = Bench(tmp_path, Marathon(app("a")), rhythm=rhythm)
    with bench.running():
        bench.serves("backend a_10000")
        bench.listening = False
        bench.marathon.apps["/b"] = app("b", port=10001)
        bench.serves("backend b_10001")


def test_once_is_one_generation(bench: Bench) -> None:
    bench.marathon.set(app("c", "gives-up", port=10002))
    bench.marathon.set(app("d", "own", port=10003))
    bench.live.loop.once()
    assert bench.backends() == {"a_10000", "b_10001", "d_10003"}


def test_what_is_known_is_kept_at_the_end(bench: Bench, tmp_path: Path) -> None:
    with bench.running():
        bench.until(lambda: bench.live.states.now.updates == 1)
    kept = json.loads((tmp_path / "state" / "memory.json").read_text())
    assert (kept["backends"], sorted(kept["good"])) == (2, ["/a", "/b"])


def test_a_reload_that_is_wished_for_beside_an_event_is_had(bench: Bench) -> None:
    with bench.running():
        bench.until(lambda: bench.live.states.now.updates == 1)
        with bench.marathon.hanging():
            bench.marathon.tell("/a")
            bench.until(lambda: bench.marathon.asking)
            bench.marathon.tell("/a")
            bench.live.triggers.reload("SIGUSR1")
        bench.until(lambda: bench.haproxy.reloads == 2)


def test_wished_reloads_keep_their_distance(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Marathon(app("a")), min_reload_spacing=0.5)
    with bench.running():
        bench.serves("backend a_10000")
        began = time.monotonic()
        for _ in range(50):
            bench.live.triggers.reload("a request")
            time.sleep(0.01)
        bench.until(lambda: bench.live.states.now.reloads >= 2)
        most = 2 + (time.monotonic() - began) / 0.5
        assert bench.haproxy.reloads <= most


def test_nobody_waits_for_a_marathon_that_hangs(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Marathon(app("a")), own=True)
    with bench.running():
        bench.serves("backend a_10000")
        with bench.marathon.hanging():
            bench.live.triggers.update("SIGHUP")
            bench.until(lambda: bench.marathon.asking)
            bench.haproxy.up = False
            bench.until(lambda: bench.haproxy.up)
            before = bench.haproxy.reloads
            bench.live.triggers.reload("SIGUSR1")
            bench.until(lambda: bench.haproxy.reloads > before)


def test_while_marathon_hangs_it_begins_with_the_file_on_disk(tmp_path: Path) -> None:
    (tmp_path / "haproxy.cfg").write_text("global\n")
    bench = Bench(tmp_path, Marathon(app("a")), own=True)
    bench.haproxy.up = False
    with bench.marathon.hanging(), bench.running():
        bench.serves("global")
        bench.marathon.answer()
        bench.serves("backend a_10000")


def test_what_waits_for_its_reload_is_not_put_off_by_events_that_do_not_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, Marathon(app("a"), app("other", port=11003, HAPROXY_GROUP="others")))
    with bench.running():
        bench.until(lambda: bench.live.states.now.updates == 1)
        fetch_app = bench.marathon.fetch_app

        def and_another(app_id: str) -> Reply | None:
            # There is always something to do, and none of it has to do with the reload.
            if bench.haproxy.reloads < 3:
                bench.live.triggers.heard(Change(frozenset({"/other"}), "changed", time.monotonic()))
            return fetch_app(app_id)

        monkeypatch.setattr(bench.marathon, "fetch_app", and_another)
        bench.live.serving._spacing = Spacing(0.3)
        bench.marathon.set(app("n1", port=11001))
        bench.serves("backend n1_11001")
        bench.marathon.set(app("n2", port=11002))
        bench.serves("backend n2_11002")


def test_what_could_not_be_served_is_served_with_the_next_answer(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench.running():
        bench.until(lambda: bench.live.states.now.updates == 1)

        def fails(*_: object) -> bool:
            raise RuntimeError("a mistake")

        with monkeypatch.context() as broken:
            broken.setattr(type(bench.live.serving), "is_served", fails)
            broken.setattr("lbgen.live.applying.Applying.patch", fails)
            bench.marathon.set(app("c", port=10002))
            bench.until(lambda: bench.live.states.now.failures > 0)
        bench.serves("backend c_10002")


def test_who_does_not_answer_is_asked_ever_more_rarely(tmp_path: Path) -> None:
    rhythm = Rhythm(alive=0.01, retry=0.05, most_retry=10, events=False)
    bench = Bench(tmp_path, Marathon(app("a")), rhythm=rhythm)
    bench.marathon.trouble = SourceError("nobody answers")
    with bench.running():
        time.sleep(2)
        assert bench.marathon.fetched <= 7
        bench.until(lambda: bench.live.states.now.failures >= 3)


def test_that_all_is_well_again_is_told(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    with bench.running():
        bench.until(lambda: bench.live.states.now.updates == 1)
        bench.marathon.trouble = SourceError("nobody answers")
        bench.live.triggers.update("SIGHUP")
        bench.until(lambda: bench.live.states.now.failures > 1)
        bench.marathon.trouble = None
        bench.until(lambda: "all is well again" in caplog.text)
    assert caplog.text.count("nobody answers; what was served goes on being served") > 1


def test_what_is_wrong_from_the_beginning_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench(tmp_path, Marathon(app("a")), own=True)
    bench.marathon.trouble = SourceError("nobody answers")
    with bench.running():
        bench.until(lambda: "nobody answers; nothing is served yet" in caplog.text)


def test_once_has_those_served_that_had_to_wait(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Marathon(), min_reload_spacing=0.3)
    bench.marathon.set(app("a", "gives-up", port=10001))
    bench.marathon.set(app("b", "gives-up", port=10002))
    bench.marathon.set(app("c", "gives-up", port=10003))
    bench.marathon.set(app("d", "own", port=10004))
    bench.marathon.set(app("e", port=10005))
    bench.live.loop.once()
    assert bench.backends() == {"d_10004", "e_10005"}


def test_a_doubt_that_cannot_be_settled_keeps_nobody_busy(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shrinking, "CONFIRM_NOTHING", 0.01)
    bench.live.loop._rhythm = replace(bench.live.loop._rhythm, retry=0.2, most_retry=0.2)
    with bench.running():
        bench.until(lambda: bench.live.states.now.updates == 1)
        bench.marathon.apps.clear()
        bench.live.triggers.update("SIGHUP")
        bench.until(lambda: bool(bench.live.states.now.apps_shrunk))
        bench.marathon.trouble = SourceError("nobody answers")
        bench.until(lambda: bench.live.states.now.failures > 0)
        time.sleep(1)
        assert bench.live.states.now.failures < 20
        bench.marathon.trouble = None
        bench.until(lambda: bench.backends() == set())


def test_a_template_that_is_refused_keeps_nobody_busy(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "HAPROXY_BACKEND_HTTP_OPTIONS").write_text("  refused-line\n")
    applying, knowledge = bench.live.loop._applying, bench.live.loop._knowledge
    updating = applying.parts.updating
    updating._options = replace(updating._options, templates=tmp_path)
    knowledge.fetch(bench.live.states)
    with pytest.raises(NotServed):
        applying.apply(knowledge)
    for _ in range(9):
        applying.try_some(knowledge)
    assert 30 < applying.due["trial"] - time.monotonic() <= 60


def test_a_haproxy_that_cannot_be_asked_keeps_nobody_busy(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.live.loop._rhythm = replace(bench.live.loop._rhythm, retry=0.2, most_retry=0.2)

    def fails(*_: object) -> None:
        raise ToolError("there is no HAProxy")

    with bench.running():
        bench.until(lambda: bench.live.states.now.updates == 1)
        with monkeypatch.context() as broken:
            broken.setattr("lbgen.live.trying.Trying.step", fails)
            for number, kind in enumerate(["gives-up", "gives-up", "gives-up", "own"]):
                bench.marathon.apps[f"/{number}"] = app(str(number), kind, port=10010 + number)
            bench.marathon.tell()
            bench.until(lambda: bench.live.states.now.failures > 0)
            time.sleep(1)
            assert bench.live.states.now.failures < 20
        bench.serves("backend 3_10013")
