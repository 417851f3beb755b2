"""From one configuration to the next by the runtime API: what is told to HAProxy, and when it has to be reloaded."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from lbgen.live.haproxy.dynamic import Dynamic
from tests.live.haproxy.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Sequence

A, B, C = "a 10.0.0.1:80", "b 10.0.0.2:80 check", "c 10.0.0.3:80 weight 7"


def text(*servers: str, frame: str = "  balance roundrobin") -> str:
    lines = "".join(f"  server {each}\n" for each in servers)
    return f"global\n\nbackend w\n{frame}\n{lines}\nbackend x\n  server a 10.0.1.1:80\n"


def told(old: str, new: str) -> list[str]:
    worker = Worker(old)
    outcome = Dynamic(lambda: worker).update(old, new)
    assert outcome.done, outcome.reason
    assert outcome.commands == len(worker.told)
    assert Dynamic(lambda: worker).drift(new) == []
    return worker.told


def reason(old: str, new: str, worker: Worker | None = None) -> str:
    worker = worker or Worker(old)
    outcome = Dynamic(lambda: worker).update(old, new)
    assert not outcome.done
    return outcome.reason


def test_nothing_to_do() -> None:
    assert told(text(A), text(A)) == []
    assert told(text(A, B), text(B, A)) == []


def test_a_server_comes() -> None:
    assert told(text(A), text(A, C)) == ["add server w/c 10.0.0.3:80 weight 7", "set server w/c state ready"]


def test_a_server_with_checks_comes() -> None:
    expected = ["add server w/b 10.0.0.2:80 check", "enable health w/b", "set server w/b state ready"]
    assert told(text(A), text(A, B)) == expected


def test_a_server_with_an_agent_comes() -> None:
    line = "b [::1]:80 agent-check agent-port 5"
    expected = ["add server w/b [::1]:80 agent-check agent-port 5", "enable agent w/b", "set server w/b state ready"]
    assert told(text(A), text(A, line)) == expected


def test_who_is_to_serve_begins_before_others_stop() -> None:
    assert told(text(A), text(f"{A} disabled", C)) == [
        "add server w/c 10.0.0.3:80 weight 7",
        "set server w/c state ready",
        "set server w/a state maint",
    ]


def test_a_disabled_server_comes() -> None:
    assert told(text(A), text(A, "b 10.0.0.2:80 disabled")) == ["add server w/b 10.0.0.2:80 disabled"]


def test_a_server_goes() -> None:
    assert told(text(A, B), text(A)) == ["set server w/b state maint", "del server w/b"]


def test_one_comes_before_another_goes() -> None:
    expected = [
        "add server w/c 10.0.0.3:80",
        "set server w/c state ready",
        "set server w/a state maint",
        "del server w/a",
    ]
    assert told(text(A), text("c 10.0.0.3:80")) == expected


def test_a_server_drains_and_comes_back() -> None:
    assert told(text(A, B), text(f"{A} disabled", B)) == ["set server w/a state maint"]
    assert told(text(f"{A} disabled", B), text(A, B)) == ["set server w/a state ready"]


def test_a_server_moves_and_gets_another_weight() -> None:
    expected = ["set server w/a addr 10.9.9.9 port 81", "set server w/a weight 5"]
    assert told(text(A), text("a 10.9.9.9:81 weight 5")) == expected


def test_defaults_are_said_to_new_servers() -> None:
    frame = "  default-server check inter 9s weight 4"
    expected = "add server w/b 10.0.0.2:80 inter 9s check weight 4"
    assert told(text(A, frame=frame), text(A, B, frame=frame))[0] == expected


def test_how_names_become_addresses_is_not_said_of_addresses() -> None:
    frame = "  default-server resolve-prefer ipv4\n  default-server check init-addr last,libc,none resolvers own fall 4"
    expected = "add server w/b 10.0.0.2:80 fall 4 check"
    assert told(text(A, frame=frame), text(A, B, frame=frame))[0] == expected


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ((A,), (f"{A} check",), "w/a gets other options"),
        ((f"{A} id 3",), (f"{A} id 4",), "w/a gets other options"),
        ((A,), ("a web.example.org:80",), "w/a gets an address that is no IP address with a port"),
        (("a one.example.org:80",), ("a two.example.org:80",), "w/a gets an address that is no IP address with a port"),
        ((A,), (A, "b two.example.org:80"), "w/b cannot be added: its address is not an IP address with a port"),
        ((A,), (A, "b 10.0.0.2:80 cookie 'x y'"), "w/b cannot be added: its line needs quotes"),
        ((A,), (A, "b 10.0.0.2:80 track a"), "w/b cannot be added: it tracks another"),
        ((A,), (A, A), "w: servers have no address, or one name"),
    ],
)
def test_what_needs_a_reload(old: Sequence[str], new: Sequence[str], why: str) -> None:
    assert reason(text(*old), text(*new)) == why


def test_without_numbers_places_decide() -> None:
    frame = "  balance first"
    assert "chosen by their places" in reason(text(A, frame=frame), text(A, C, frame=frame))
    assert "chosen by their places" in reason(text(A, C, frame=frame), text(C, A, frame=frame))
    numbered = [f"{each} id {number}" for number, each in enumerate((A, C), 5)]
    assert len(told(text(numbered[0], frame=frame), text(*numbered, frame=frame))) == 2


def test_static_algorithms_take_no_new_servers_but_drain() -> None:
    frame = "  balance static-rr"
    numbered = [f"{each} id {number}" for number, each in enumerate((A, C), 5)]
    why = reason(text(numbered[0], frame=frame), text(*numbered, frame=frame))
    assert why == "w/c cannot be added: balance static-rr takes no new servers"
    why = reason(text(*numbered, frame=frame), text(numbered[0], frame=frame))
    assert why == "w/c cannot be deleted: balance static-rr takes no new servers"
    assert told(text(A, C, frame=frame), text(f"{A} disabled", C, frame=frame)) == ["set server w/a state maint"]


def test_a_refusal_is_told_and_nobody_goes_before_everybody_has_come() -> None:
    worker = Worker(text(A))
    worker.refuses = ("add server",)
    assert reason(text(A), text(C), worker) == 'HAProxy says "No." to "add server w/c 10.0.0.3:80 weight 7"'
    assert worker.state("w") == {"a": "10.0.0.1:80 w1"}


def test_what_stopped_half_way_is_finished_or_taken_back() -> None:
    worker = Worker(text(A))
    dynamic = Dynamic(lambda: worker)
    worker.refuses = ("set server w/b",)
    half = dynamic.update(text(A), text(A, "b 10.0.0.2:80 weight 3", "c 10.0.0.3:80"))
    assert not half.done
    assert (dynamic.torn, "b" in worker.state("w")) == (True, True)
    # Nobody has to change anything there again.
    assert dynamic.update(text(A), text(A)).done
    assert (dynamic.torn, worker.state("w")) == (False, {"a": "10.0.0.1:80 w1"})


def test_what_is_refused_before_anything_is_told_leaves_nothing_half_way() -> None:
    worker = Worker(text(A))
    dynamic = Dynamic(lambda: worker)
    assert not dynamic.update(text(A), text(A, "b two.example.org:80")).done
    assert (dynamic.torn, worker.told) == (False, [])


def test_a_command_that_does_nothing_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lbgen.live.haproxy.dynamic._SETTLE_SECONDS", 0.05)
    worker = Worker(text(A))
    monkeypatch.setattr(worker, "_set", lambda *_: "\n")
    said = "HAProxy did not do all that it was told: set server w/a weight 9"
    assert reason(text(A), text(f"{A} weight 9"), worker) == said


def test_nobody_answers() -> None:
    def refused() -> Worker:
        raise ConnectionRefusedError(111, "Connection refused")

    outcome = Dynamic(refused).update(text(A), text(A, C))
    assert outcome == (False, "the runtime API fails: [Errno 111] Connection refused", 0)
    assert Dynamic(lambda: None).update(text(A), text(A, C)).reason == "there is no runtime API"


def test_a_server_with_connections_waits_in_maintenance() -> None:
    worker = Worker(text(A, B))
    worker.busy = {"w/b"}
    dynamic = Dynamic(lambda: worker)
    assert dynamic.bring(text(A, B), text(A)) == 2
    assert (worker.state("w"), dynamic.leftovers) == ({"a": "10.0.0.1:80 w1", "b": "10.0.0.2:80 w1 maint"}, 1)
    assert (dynamic.settle(), dynamic.drift(text(A))) == (1, [])
    worker.busy.clear()
    assert (dynamic.settle(), worker.state("w")) == (0, {"a": "10.0.0.1:80 w1"})


def test_a_server_that_waits_comes_back_as_it_was() -> None:
    worker = Worker(text(A, B))
    worker.busy = {"w/b"}
    dynamic = Dynamic(lambda: worker)
    dynamic.update(text(A, B), text(A))
    assert dynamic.update(text(A), text(A, "b 10.0.0.9:80 check weight 2")).done
    assert (worker.state("w")["b"], dynamic.leftovers) == ("10.0.0.9:80 w2", 0)


def test_a_server_that_waits_cannot_come_back_as_another() -> None:
    worker = Worker(text(A, B))
    worker.busy = {"w/b"}
    dynamic = Dynamic(lambda: worker)
    dynamic.update(text(A, B), text(A))
    outcome = dynamic.update(text(A), text(A, "b 10.0.0.2:80 check fall 9"))
    assert outcome.reason == "w/b is still there from before, with other options"
    # Until HAProxy is reloaded, what waits is still there, and still is another.
    assert not dynamic.update(text(A), text(A, "b 10.0.0.2:80 check fall 9")).done
    assert dynamic.leftovers == 1
    dynamic.forget()
    assert dynamic.leftovers == 0
    assert dynamic.settle() == 0


def test_what_somebody_did_by_hand_is_put_right() -> None:
    now = text(A, B, C)
    worker = Worker(now)
    dynamic = Dynamic(lambda: worker)
    worker.ask(["set server w/a state drain", "set server w/b weight 90", "set server w/c state maint"])
    worker.ask(["del server w/c", "set server x/a addr 10.7.7.7 port 7", "add server w/z 10.0.0.9:80"])
    worker.ask(["set server w/z state ready", "disable health w/b"])
    assert dynamic.drift(now) == [
        "add server w/c 10.0.0.3:80 weight 7",
        "set server w/a state ready",
        "set server w/b weight 1",
        "enable health w/b",
        "set server w/c state ready",
        "set server w/z state maint",
        "set server x/a addr 10.0.1.1 port 80",
    ]
    assert dynamic.mend(now).done
    assert (dynamic.drift(now), dynamic.leftovers) == ([], 0)
    assert worker.state("w") == {"a": "10.0.0.1:80 w1", "b": "10.0.0.2:80 w1", "c": "10.0.0.3:80 w7"}


def test_agents_may_change_weight_and_state() -> None:
    now = text(f"{A} agent-check", B)
    worker = Worker(now)
    worker.ask(["set server w/a weight 3", "set server w/a state drain"])
    assert Dynamic(lambda: worker).drift(now) == []


def test_a_reload_for_the_same_difference_is_asked_for_once() -> None:
    now = text(A, C)
    worker = Worker(text(A))
    worker.refuses = ("add server",)
    dynamic = Dynamic(lambda: worker)
    assert [dynamic.mend(now).done for _ in range(3)] == [False, True, True]
    worker.refuses = ()
    worker.ask(["set server w/a weight 3"])
    assert (dynamic.mend(now).done, dynamic.drift(now)) == (True, [])


def test_any_sequence_of_changes_ends_at_what_the_file_says() -> None:
    dice = random.Random(11)
    now = text(_some_server(dice, "a"))
    worker = Worker(now)
    dynamic = Dynamic(lambda: worker)
    for _ in range(500):
        new = text(*(_some_server(dice, name) for name in dice.sample("abcdefgh", dice.randint(0, 8))))
        worker.busy = {f"w/{name}" for name in dice.sample("abcdefgh", 3)}
        outcome = dynamic.update(now, new)
        assert outcome.done, outcome.reason
        wanted = Worker(new).state("w")
        served = {name: said for name, said in worker.state("w").items() if name in wanted or "maint" not in said}
        assert served == wanted
        now = new
    worker.busy.clear()
    assert (dynamic.settle(), worker.state("w")) == (0, Worker(now).state("w"))


def _some_server(dice: random.Random, name: str) -> str:
    words = f" weight {dice.randint(1, 9)}" + " disabled" * (dice.random() < 0.3)
    return f"{name} 10.0.0.{dice.randint(1, 9)}:80{words} check"
