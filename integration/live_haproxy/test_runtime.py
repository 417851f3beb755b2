"""Servers that come, go, drain and move without a reload: what HAProxy then does is what its file says."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from integration.live_haproxy.fleet import BACKENDS, FRONT, STUBS, Fleet
from integration.live_haproxy.load import Load, answer
from lbgen.live.haproxy.dynamic import Dynamic
from lbgen.live.haproxy.info import info
from lbgen.live.haproxy.runtime import ThroughMaster

if TYPE_CHECKING:
    from lbgen.testing import Haproxy

EVENTS = 1000


class Live:
    """A fleet, and the HAProxy that serves it, reloaded when nothing else helps."""

    def __init__(self, haproxy: Haproxy, seed: int) -> None:
        self.dice = random.Random(seed)
        self.fleet = Fleet(self.dice)
        self.runtime = ThroughMaster(haproxy.master())
        self.dynamic = Dynamic(lambda: self.runtime)
        self.reloads = 0
        self.reasons: set[str] = set()
        self.text = self.fleet.text()
        self.haproxy = haproxy
        self.address: tuple[str, int] = haproxy.address(FRONT)
        haproxy.reload(self.text)

    def catch_up(self) -> None:
        """Brings HAProxy to what the fleet is now."""
        new = self.fleet.text()
        outcome = self.dynamic.update(self.text, new)
        if not outcome.done:
            self.haproxy.reload(new)
            self.reloads += 1
            self.reasons.add(outcome.reason.partition(" to ")[0])
        self.text = new

    def confirm(self) -> None:
        """Fails where HAProxy does not serve exactly what the fleet says."""
        assert self.dynamic.drift(self.text) == []
        for backend in BACKENDS:
            assert self.answers(backend) == self.fleet.serving(backend), (backend, self.fleet.tasks[backend])

    def answers(self, backend: str) -> set[str]:
        """Who answers: enough requests for everybody to have a turn."""
        expected = self.fleet.serving(backend)
        found = {self.answer(backend, number) for number in range(30)}
        # With hashes and weights not everybody need have had one yet; who must not answer never may.
        for number in range(30, 3000):
            if expected <= found:
                break
            found.add(self.answer(backend, number))
        return found

    def answer(self, backend: str, number: int) -> str:
        return answer(self.address, {"x-backend": backend}, path=f"/?x={number}")


def dynamic(haproxy: Haproxy) -> bool:
    return info(ThroughMaster(haproxy.master())).adds


def test_a_thousand_events_without_a_reload(haproxy: Haproxy) -> None:
    kinds = ("come", "go", "move", "drain", "weigh") if dynamic(haproxy) else ("move", "drain", "weigh")
    live = Live(haproxy, seed=1)
    with Load(live.address, clients=1, pause=0.02, headers={"x-backend": "least"}) as load:
        for number in range(EVENTS):
            live.fleet.event(kinds)
            live.catch_up()
            if number % 250 == 0:
                live.confirm()
    assert (live.reloads, live.reasons) == (0, set())
    assert set(load.answers) <= set(map(str, STUBS)), load.answers
    live.confirm()
    # A reload changes nothing.
    places = {number: live.answer("hash", number) for number in range(40)}
    haproxy.reload(live.text)
    live.confirm()
    assert {number: live.answer("hash", number) for number in range(40)} == places


def test_what_cannot_be_deleted_or_added_is_reloaded(haproxy: Haproxy) -> None:
    live = Live(haproxy, seed=2)
    for _ in range(30):
        live.fleet.event(("come", "go"))
        live.catch_up()
    live.confirm()
    refusal = 'HAProxy says "Unknown command. Please enter one of the following commands only :"'
    assert live.reasons == (set() if dynamic(haproxy) else {refusal})


def test_what_somebody_did_is_put_right(haproxy: Haproxy) -> None:
    live = Live(haproxy, seed=3)
    task = live.fleet.tasks["robin"][0]
    for what in ("state drain", "weight 77", "addr ::1 port 9"):
        live.runtime.ask([f"set server robin/t{task.number} {what}"])
    checked = live.fleet.tasks["least"][0]
    live.runtime.ask([f"disable health least/t{checked.number}"])
    assert len(live.dynamic.drift(live.text)) == 4
    assert live.dynamic.mend(live.text).done
    live.confirm()
    if dynamic(haproxy):
        live.runtime.ask([f"set server robin/t{task.number} state maint", f"del server robin/t{task.number}"])
        live.runtime.ask(["add server robin/stranger 127.0.0.1:9001", "set server robin/stranger state ready"])
        assert live.dynamic.mend(live.text).done
        live.confirm()


STICKY = """\
global
  stats socket /tmp/stats.sock level admin expose-fd listeners
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend front
  bind :8080
  default_backend web
frontend one
  bind 127.0.0.1:9001
  http-request return status 200 content-type text/plain string "9001"
frontend two
  bind 127.0.0.1:9002
  http-request return status 200 content-type text/plain string "9002"
backend web
  balance roundrobin
  cookie C insert indirect nocache
  server a 127.0.0.1:9001 id 1 cookie aaa
"""


def test_cookies_of_new_servers(haproxy: Haproxy) -> None:
    """From 3.0 on a new server may have a cookie; before, HAProxy refuses, and lbgen reloads."""
    haproxy.reload(STICKY)
    runtime = ThroughMaster(haproxy.master())
    new = f"{STICKY}  server b 127.0.0.1:9002 id 2 cookie bbb\n"
    outcome = Dynamic(lambda: runtime).update(STICKY, new)
    assert outcome.done == (info(runtime).version >= (3, 0)), outcome.reason
    if not outcome.done:
        haproxy.reload(new)
    for cookie, port in (("aaa", "9001"), ("bbb", "9002")):
        found = {answer(haproxy.address(FRONT), {"Cookie": f"C={cookie}"}) for _ in range(5)}
        assert found == {port}
