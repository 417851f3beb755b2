"""Three runs of HAProxy at most tell whom to serve, whoever is at fault; and nobody else suffers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lbgen.live.attempt import MOST_RUNS, Update
from lbgen.live.memory import FIRST_PAUSE, Good, Memory
from lbgen.live.trying import Trying
from lbgen.live.updating import Updating
from lbgen.pipeline.options import Options
from tests.live.cluster import BAD, GOOD, KINDS, Judge, app, fleet

if TYPE_CHECKING:
    from pathlib import Path

    from lbgen.haproxy.keywords import Version
    from lbgen.live.reading import Fleet


def updating(judge: Judge, on_error: str = "keep-last", version: Version | None = None) -> Updating:
    return Updating(Options(bind_http_https=False), judge, Memory(), on_error, lambda host: host, version=version)


def backends(update: Update) -> set[str]:
    assert update.generated is not None
    assert update.generated.rendered is not None
    lines = update.generated.rendered.text.splitlines()
    return {line.split()[1].rpartition("_")[0] for line in lines if line.startswith("backend ")}


def settled(made: Updating, apps: Fleet) -> Update:
    """The update after which nobody waits any more, as the loop comes to it."""
    trying = Trying(made)
    for _ in range(50):
        update = made.update(apps)
        if update.generated is not None and not made.memory.waiting:
            return update
        while made.memory.waiting and trying.step(apps):
            pass
    raise AssertionError("it does not come to an end")


def test_all_that_is_good_is_served_after_one_run() -> None:
    judge = Judge()
    update = updating(judge).update(fleet(app("a"), app("b", "own", port=10001)))
    assert (backends(update), update.runs) == ({"a", "b"}, 1)


def test_what_was_accepted_is_not_asked_about_again() -> None:
    judge = Judge()
    made, apps = updating(judge), fleet(app("a"))
    made.update(apps)
    assert made.update(apps).runs == 0


@pytest.mark.parametrize("kind", ["refused", "gives-up", "dangling"])
def test_who_is_refused_is_left_out_and_named(kind: str) -> None:
    update = updating(Judge()).update(fleet(app("a"), app("bad", kind, port=10001), app("b", port=10002)))
    assert backends(update) == {"a", "b"}
    assert [each.app for each in update.left_out] == ["/bad"]
    assert update.left_out[0].label in KINDS[kind]
    assert update.left_out[0].reason


def test_who_cannot_be_written_is_left_out_before_anybody_is_asked() -> None:
    update = updating(Judge()).update(fleet(app("a"), app("bad", "unwritable", port=10001)))
    assert (backends(update), update.runs) == ({"a"}, 1)
    assert update.left_out[0].label == "HAPROXY_0_BACKEND_WEIGHT"


def test_who_was_refused_is_not_asked_about_again_until_it_changes() -> None:
    judge = Judge()
    made = updating(judge)
    made.update(fleet(app("a"), app("bad", "refused", port=10001)))
    again = made.update(fleet(app("a", tasks=2), app("bad", "refused", port=10001)))
    assert (backends(again), again.runs) == ({"a"}, 1)
    mended = made.update(fleet(app("a", tasks=2), app("bad", "own", port=10001)))
    assert (backends(mended), mended.runs) == ({"a", "bad"}, 1)


def test_the_last_good_form_is_served_with_the_tasks_of_now() -> None:
    made = updating(Judge())
    made.update(fleet(app("a"), app("b", "own", port=10001)))
    update = made.update(fleet(app("a"), app("b", "refused", port=10001, tasks=2)))
    assert update.generated is not None
    assert update.generated.rendered is not None
    assert "option forwardfor" in update.generated.rendered.text
    assert [len(each.servers) for each in update.generated.services] == [1, 2]
    assert [(each.app, each.kept) for each in update.left_out] == [("/b", True)]


def test_the_last_good_form_keeps_its_tasks_where_those_of_now_do_not_fit() -> None:
    made = updating(Judge())
    made.update(fleet(app("b", "own")))
    changed = app("b", "refused", tasks=2)
    changed["portDefinitions"].append({"port": 10005})
    update = made.update(fleet(changed))
    assert update.generated is not None
    assert [len(each.servers) for each in update.generated.services] == [1]


def test_of_the_tasks_that_it_keeps_only_those_are_served_that_still_run() -> None:
    made = updating(Judge())
    made.update(fleet(app("b", "own", tasks=3)))
    changed = app("b", "refused", tasks=1)
    changed["portDefinitions"].append({"port": 10005})
    update = made.update(fleet(changed))
    assert update.generated is not None
    assert [[server.host for server in each.servers] for each in update.generated.services] == [["10.0.0.1"]]


def test_what_is_served_does_not_go_because_another_haproxy_has_yet_to_be_asked_about_it() -> None:
    judge = Judge()
    made = updating(judge, version=(3, 2))
    apps = fleet(app("a"), app("new", "unknown", port=10001))
    made.update(apps)
    Trying(made).step(apps)
    assert backends(made.update(apps)) == {"a", "new"}
    # As after a start with another HAProxy.
    made.accepted_text, judge.mystery = "", "new_10001"
    made.memory.lines.clear()
    made.memory.good = {app_id: Good(each.digest, frozenset()) for app_id, each in made.memory.good.items()}
    assert made.update(apps).generated is None
    assert made.update(apps).error == "2 apps that are served have to be tried by themselves first"
    assert backends(settled(made, apps)) == {"a"}


def test_an_error_in_lbgen_s_own_lines_convicts_no_app() -> None:
    judge = Judge()
    judge.environment = "frontend marathon_http_in"
    made = Updating(Options(), judge, Memory(), "keep-last", lambda host: host)
    apps = fleet(app("a", HAPROXY_0_VHOST="a.example"))
    assert "no such file" in made.update(apps).error
    assert Trying(made).step(apps) == 1
    assert not made.memory.bad


def test_drop_serves_nothing_of_it() -> None:
    made = updating(Judge(), "drop")
    made.update(fleet(app("a"), app("b", "own", port=10001)))
    assert backends(made.update(fleet(app("a"), app("b", "refused", port=10001)))) == {"a"}


def test_fail_serves_nothing_new() -> None:
    made = updating(Judge(), "fail")
    update = made.update(fleet(app("a"), app("b", "refused", port=10001)))
    assert update.generated is None
    assert "refused-line" in update.error


def test_a_guard_holds_it_back_before_anybody_is_asked() -> None:
    judge = Judge()
    update = updating(judge).update(fleet(app("a")), lambda _: "too little")
    assert (update.generated, update.held, judge.runs) == (None, "too little", 0)


@pytest.mark.parametrize("bad", [1, 10, 60])
@pytest.mark.parametrize("kinds", [("refused",), ("gives-up",), ("dangling",), ("refused", "gives-up", "dangling")])
def test_three_runs_are_enough_to_serve_those_that_bring_no_text_of_their_own(bad: int, kinds: tuple[str, ...]) -> None:
    broken = [app(f"bad{n}", kinds[n % len(kinds)], port=11000 + n) for n in range(bad)]
    whole = [app(f"good{n}", port=12000 + n) for n in range(30)]
    judge = Judge()
    update = updating(judge).update(fleet(*broken, *whole))
    assert judge.runs <= MOST_RUNS
    assert backends(update) == {f"good{n}" for n in range(30)}


@pytest.mark.parametrize("bad", [1, 10, 60])
@pytest.mark.parametrize("version", [None, (3, 2)])
def test_text_of_their_own_costs_nobody_anything_where_others_have_haproxy_give_up(
    bad: int, version: Version | None
) -> None:
    kinds = ("gives-up", "refused", "dangling", "unasked", "gives-up")
    broken = [app(f"bad{n}", kinds[n % len(kinds)], port=11000 + n) for n in range(bad)]
    whole = [app(f"good{n}", ("plain", "own", "rule")[n % 3], port=12000 + n) for n in range(30)]
    judge = Judge()
    made, apps = updating(judge, version=version), fleet(*broken, *whole)
    update = made.update(apps)
    assert judge.runs <= MOST_RUNS
    assert backends(update) == {f"good{n}" for n in range(30)}
    assert backends(settled(made, apps)) == {f"good{n}" for n in range(30)}
    assert judge.runs <= 9


def test_those_that_have_to_wait_are_tried_by_themselves_and_come_back() -> None:
    broken = [app(f"bad{n}", "gives-up", port=11000 + n) for n in range(5)]
    unknown = [app(f"own{n}", "unknown", port=12000 + n) for n in range(5)]
    made, apps = updating(Judge()), fleet(*broken, *unknown)
    first = made.update(apps)
    assert first.generated is None
    assert {each.waiting for each in first.left_out} == {True, False}
    assert backends(settled(made, apps)) == {f"own{n}" for n in range(5)}


def test_a_wrong_guess_of_lbgen_s_costs_no_more_than_a_trial() -> None:
    made, apps = updating(Judge(), version=(3, 2)), fleet(app("a"), app("b", "unknown", port=10001))
    assert made.update(apps).runs == 1
    assert made.memory.is_waiting(apps["/b"])
    Trying(made).step(apps)
    assert backends(made.update(apps)) == {"a", "b"}
    # And what it took once, it takes of everybody.
    more = fleet(app("c", "unknown", port=10002), app("b", "unknown", port=10001), known=apps)
    update = made.update(more)
    assert (backends(update), update.runs) == ({"b", "c"}, 1)


def test_a_rule_that_lbgen_thinks_good_and_haproxy_refuses_is_left_out() -> None:
    broken = [app(f"bad{n}", "unforeseen", port=11000 + n) for n in range(4)]
    made, apps = updating(Judge(), version=(3, 2)), fleet(*broken, app("a"), app("b", "rule", port=10001))
    assert backends(made.update(apps)) >= {"a"}
    assert backends(settled(made, apps)) == {"a", "b"}
    assert made.memory.bad.keys() == {f"/bad{n}" for n in range(4)}


def test_a_haproxy_that_crashes_costs_those_that_it_knows_nothing() -> None:
    judge = Judge()
    made = updating(judge)
    made.update(fleet(app("a")))
    judge.crashes = "X-A"
    apps = fleet(app("a"), app("b", port=10001), *(app(f"own{n}", "rule", port=11000 + n) for n in range(5)))
    assert backends(made.update(apps)) == {"a"}
    assert backends(settled(made, apps)) == {"a", "b"}


def test_no_trial_takes_more_than_three_runs() -> None:
    judge = Judge()
    made = updating(judge)
    apps = fleet(app("a"), *(app(f"bad{n}", "gives-up", port=11000 + n) for n in range(9)))
    made.update(apps)
    trying = Trying(made)
    while made.memory.waiting:
        before = judge.runs
        assert trying.step(apps) == judge.runs - before <= MOST_RUNS


def test_where_nobody_is_named_the_known_go_on_and_the_others_are_told_apart_by_halves() -> None:
    judge = Judge(mystery="bad7")
    made = updating(judge)
    made.update(fleet(app("old")))
    apps = fleet(app("old"), *(app(f"bad{n}", port=11000 + n) for n in range(12)))
    update = made.update(apps)
    # What is served already is not asked about again.
    assert (backends(update), update.runs) == ({"old"}, 1)
    last = settled(made, apps)
    assert backends(last) == {"old"} | {f"bad{n}" for n in range(12) if n != 7}
    assert [each.app for each in last.left_out] == ["/bad7"]


def test_at_the_first_start_nobody_is_served_where_nobody_is_named_but_soon_all_but_one() -> None:
    made = updating(Judge(mystery="bad7"))
    apps = fleet(*(app(f"bad{n}", port=11000 + n) for n in range(9)))
    assert made.update(apps).generated is None
    assert len(backends(settled(made, apps))) == 8


def test_a_text_that_is_refused_for_nobody_is_not_asked_about_again() -> None:
    judge = Judge()
    made, apps = updating(judge), fleet(app("a"), app("b", port=10001))
    made.update(apps)
    judge.mystery, made.accepted_text = "backend", ""
    update = made.update(apps)
    assert (update.generated, update.runs) == (None, 1)


def test_a_template_of_the_operators_convicts_no_app(tmp_path: Path) -> None:
    (tmp_path / "HAPROXY_BACKEND_HTTP_OPTIONS").write_text("  refused-line\n")
    options = Options(bind_http_https=False, templates=tmp_path)
    made = Updating(options, Judge(), Memory(), "keep-last", lambda host: host)
    apps = fleet(app("a"), app("b", port=10001))
    assert "refused-line" in made.update(apps).error
    trying = Trying(made)
    trying.step(apps)
    assert trying.is_stuck
    assert not made.memory.bad


def test_what_lacked_something_that_another_app_has_now_is_served_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made = updating(Judge())
    apps = fleet(app("a"), app("b", "dangling", port=10001))
    made.update(apps)
    assert made.memory.bad["/b"].among
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + FIRST_PAUSE + 1)
    again = made.update(apps)
    assert (backends(again), again.runs) == ({"a"}, 1)
    assert made.memory.bad["/b"].pause == 2 * FIRST_PAUSE


KIND = st.sampled_from(sorted(KINDS))
NAMES = [f"app{number}" for number in range(6)]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.dictionaries(st.sampled_from(NAMES), KIND, min_size=1), min_size=1, max_size=6))
def test_whatever_comes_healthy_apps_are_served_and_no_refused_line_is(days: list[dict[str, str]]) -> None:
    judge = Judge()
    made = updating(judge)
    known: Fleet = {}
    for day in days:
        apps = [app(name, kind, port=10000 + NAMES.index(name)) for name, kind in sorted(day.items())]
        known = fleet(*apps, known=known)
        served = {name for name in day if f"/{name}" in made.memory.good}
        before = judge.runs
        update = made.update(known)
        assert judge.runs - before <= MOST_RUNS
        if update.generated is not None:
            # Who was served goes on being served, now or in its last good form.
            assert served <= backends(update)
        last = settled(made, known)
        assert last.generated is not None
        assert last.generated.rendered is not None
        assert {name for name, kind in day.items() if kind in GOOD} <= backends(last)
        assert not any(word in last.generated.rendered.text for word in BAD)
