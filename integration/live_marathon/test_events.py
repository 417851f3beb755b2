"""What happens in a Marathon is heard, by name, and again after every kind of silence."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from integration.live_marathon.reaching import NOBODY, WEB, Ear, listening, source
from integration.marathon_stub import Marathon, faults, run_marathon
from lbgen.live.contract import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def ear(marathon: Marathon) -> Iterator[Ear]:
    """Somebody who listens, and has heard that the connection is there."""
    with listening(source(marathon)) as heard:
        assert heard.next().apps is None
        yield heard


class TestChanges:
    @pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
    @pytest.mark.parametrize("chunked", [False, True], ids=["whole", "chunked"])
    def test_begin_with_everything_and_then_name_apps(self, marathon: Marathon, chunked: bool, packed: bool) -> None:
        marathon.chunked, marathon.packed = chunked, packed
        with listening(source(marathon)) as heard:
            first = heard.next()
            assert (first.apps, first.reason) == (None, f"connected to {marathon.url}")
            before = time.monotonic()
            marathon.deploy({**WEB, "id": "/api"})
            change = heard.next()
            assert (change.apps, change.reason) == (frozenset({"/api"}), "api_post_event")
            assert before <= change.at <= time.monotonic()

    def test_of_every_kind_are_heard(self, marathon: Marathon, ear: Ear) -> None:
        def heard_until(reason: str) -> set[str]:
            reasons = set()
            while reason not in reasons:
                change = ear.next()
                assert change.apps == frozenset({"/web"})
                reasons.add(change.reason)
            return reasons

        task = marathon.tasks("/web")[0]["id"]
        marathon.set_health(task, alive=False)
        assert heard_until("health_status_changed_event") == {"health_status_changed_event"}
        marathon.kill_task(task)
        assert heard_until("status_update_event") == {"status_update_event"}
        marathon.scale("/web", 1)
        assert heard_until("deployment_success") == {"status_update_event", "api_post_event", "deployment_success"}
        marathon.delete("/web")
        assert "app_terminated_event" in heard_until("deployment_success")

    @pytest.mark.usefixtures("ear")
    def test_are_asked_for_by_type_and_in_the_light_form(self, marathon: Marathon) -> None:
        (request,) = marathon.asked("/v2/events")
        assert request.query("plan-format") == ["light"]
        assert {"api_post_event", "status_update_event", "health_status_changed_event"} < set(
            request.query("event_type")
        )
        assert request.headers["accept"] == "text/event-stream"

    @pytest.mark.parametrize(
        "raw",
        [
            b"event: status_update_event\ndata: {half\n\n",
            b"event: status_update_event\ndata: \xff\n\n",
            b"event: status_update_event\ndata: []\n\n",
            b'event: status_update_event\ndata: {"appId": 7}\n\n',
            b"event: api_post_event\ndata: " + b"[" * 100_000 + b"\n\n",
        ],
    )
    def test_that_cannot_be_understood_concern_everything(self, marathon: Marathon, ear: Ear, raw: bytes) -> None:
        marathon.bus.send_raw(raw)
        assert ear.next().apps is None
        marathon.scale("/web", 3)
        assert ear.next().apps == frozenset({"/web"})
        assert len(marathon.asked("/v2/events")) == 1

    def test_of_unknown_types_are_passed_over(self, marathon: Marathon, ear: Ear) -> None:
        marathon.bus.send_raw(b"event: brand_new_event\r\ndata: {}\r\n\r\n: a comment\r\nretry: 5\r\nid: 7\r\n\r\n")
        marathon.scale("/web", 3)
        assert ear.next().apps == frozenset({"/web"})


class TestReconnection:
    def test_follows_the_end_of_a_stream(self, marathon: Marathon, ear: Ear) -> None:
        for _ in range(3):
            marathon.bus.close_all()
            ear.until()
        marathon.scale("/web", 3)
        ear.until("/web")

    def test_follows_silence(self, marathon: Marathon) -> None:
        with listening(source(marathon, silence_seconds=2)) as heard:
            heard.until()
            marathon.bus.silent = True
            heard.until()
            assert len(marathon.asked("/v2/events")) > 1
            marathon.bus.silent = False

    def test_is_not_done_while_there_are_signs_of_life(self, marathon: Marathon) -> None:
        marathon.heartbeat = 0.05
        with listening(source(marathon, silence_seconds=10)) as heard:
            heard.until()
            end = time.monotonic() + 11
            marathon.wait_for(lambda: time.monotonic() > end)
            assert len(marathon.asked("/v2/events")) == 1

    def test_outlasts_a_marathon_that_is_away(self, marathon: Marathon, ear: Ear) -> None:
        marathon.stop()
        time.sleep(0.5)
        marathon.start()
        ear.until()
        marathon.scale("/web", 3)
        ear.until("/web")

    @pytest.mark.parametrize(
        "fault", [faults.status(503), faults.html(), faults.nothing(), faults.apps(), faults.status(401)]
    )
    def test_tries_the_next_endpoint_at_once(self, marathon: Marathon, fault: faults.Fault) -> None:
        with run_marathon() as bad:
            bad.fail(fault, path="/v2/events")
            with listening(source(NOBODY, bad, marathon, max_backoff_seconds=3600)) as heard:
                assert heard.next().reason == f"connected to {marathon.url}"
                marathon.scale("/web", 3)
                heard.until("/web")

    def test_leads_to_who_leads(self, marathon: Marathon) -> None:
        with run_marathon() as follower:
            follower.leader = marathon
            with listening(source(follower)) as heard:
                heard.until()
                marathon.scale("/web", 3)
                heard.until("/web")
            assert len(marathon.asked("/v2/events")) == 1


class TestStopping:
    def test_is_prompt_in_the_middle_of_silence(self, marathon: Marathon) -> None:
        marathon.heartbeat = 3600
        heard = Ear(source(marathon))
        heard.next()
        heard.end()

    def test_is_prompt_while_nobody_answers(self, marathon: Marathon) -> None:
        marathon.fail(faults.hang_in_head())
        heard = Ear(source(marathon))
        marathon.wait_for(lambda: bool(marathon.asked("/v2/events")))
        heard.end()

    def test_is_prompt_while_waiting_for_the_next_attempt(self) -> None:
        heard = Ear(source(NOBODY, max_backoff_seconds=1e6))
        time.sleep(0.3)
        heard.end()

    def test_is_prompt_for_whoever_fetches(self, marathon: Marathon) -> None:
        marathon.fail(faults.hang())
        stop = threading.Event()
        asked = source(marathon, NOBODY, stop=stop)
        with ThreadPoolExecutor(1) as pool:
            fetched = pool.submit(asked.fetch)
            marathon.wait_for(lambda: bool(marathon.asked("/v2/apps")))
            stop.set()
            error = fetched.exception(50)
        assert isinstance(error, SourceError)
        assert f"{marathon.url} is not asked any more" in str(error)

    def test_needs_nobody_to_listen_to_the_end(self, marathon: Marathon) -> None:
        heard = Ear(source(marathon))
        with closing(source(marathon).events(heard.stop)) as changes:  # type: ignore[type-var]
            next(changes)
        heard.end()
        marathon.wait_for_listeners(0)
