"""Three runs of the real HAProxy are enough, however many apps there are and whatever is wrong with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from integration.live.balancer import labels
from lbgen.check.binary import find_binary
from lbgen.live.asking import Asker
from lbgen.live.attempt import MOST_RUNS
from lbgen.live.contract import Reply
from lbgen.live.memory import Memory
from lbgen.live.reading import Fleet, read_fleet
from lbgen.live.trying import Trying
from lbgen.live.updating import Updating
from lbgen.pipeline.options import Options

if TYPE_CHECKING:
    from pathlib import Path

WRONG = {
    "unknown word": {"HAPROXY_0_BACKEND_HTTP_OPTIONS": "  nonsense\n"},
    "unknown action": {"HAPROXY_0_BACKEND_HTTP_OPTIONS": "  http-request nonsense\n"},
    "unknown sample": {"HAPROXY_0_BACKEND_HTTP_OPTIONS": "  http-request set-header X %[nonsense]\n"},
    "unknown acl": {"HAPROXY_0_BACKEND_HTTP_OPTIONS": "  http-response del-header X if nowhere\n"},
    "no such backend": {"HAPROXY_0_FRONTEND_BACKEND_GLUE": "  use_backend nowhere\n"},
    "no such table": {"HAPROXY_0_BACKEND_HTTP_OPTIONS": "  stick match src table nowhere\n"},
    "unknown option of bind": {"HAPROXY_0_BIND_OPTIONS": "nonsense"},
    "no such certificate": {"HAPROXY_0_SSL_CERT": "/nowhere/cert.pem"},
    "much of it": {"HAPROXY_0_BACKEND_HTTP_OPTIONS": "  nonsense\n" * 60},
}
OWN = {"HAPROXY_0_BACKEND_HTTP_OPTIONS": "  option forwardfor\n  http-request set-header X-Own yes\n"}


def fleet(good: int, bad: list[str], tasks: int = 1) -> Fleet:
    given = [(f"/bad{number}", WRONG[kind]) for number, kind in enumerate(bad)]
    given += [(f"/good{number}", OWN if number % 3 == 0 else {}) for number in range(good)]
    given.sort(key=lambda each: each[0][-1])
    apps = [
        {
            "id": app_id,
            "labels": labels(**more),
            "portDefinitions": [{"port": 20_000 + number}],
            "tasks": [{"id": f"t{n}", "host": f"10.0.0.{n + 1}", "ports": [31_000 + number]} for n in range(tasks)],
        }
        for number, (app_id, more) in enumerate(given)
    ]
    return read_fleet(Reply(json.dumps({"apps": apps}), "http://marathon", 0.0), {})


class Counted:
    """A HAProxy binary that leaves a mark for each run."""

    def __init__(self, directory: Path, command: str) -> None:
        self._marks = directory / "marks"
        self._marks.touch()
        self.path = directory / "haproxy"
        self.path.write_text(f'#!/bin/sh\necho "$1" >> {self._marks}\nexec {command} "$@"\n')
        self.path.chmod(0o755)

    @property
    def runs(self) -> int:
        return self._marks.read_text().count("-c\n")


def settle(made: Updating, apps: Fleet, counted: Counted) -> set[str]:
    """Whom the load balancer serves in the end; no step on the way there asks more than three times."""
    trying = Trying(made)
    for _ in range(20):
        before = counted.runs
        update = made.update(apps)
        assert counted.runs - before <= MOST_RUNS
        if not made.memory.waiting and not update.error:
            return set(update.asked)
        while made.memory.waiting:
            before = counted.runs
            trying.step(apps)
            assert 0 < counted.runs - before <= MOST_RUNS
    raise AssertionError("it does not come to an end")


def served_by_all(command: str, directory: Path, good: int, bad: list[str]) -> int:
    """Has the fleet served, checks by whom, and then that nothing more is asked; how often HAProxy ran."""
    counted = Counted(directory, command)
    options = Options(haproxy_config=str(directory / "haproxy.cfg"), bind_http_https=False)
    asker = Asker(str(counted.path), options.haproxy_dir, directory)
    made = Updating(options, asker, Memory(), "keep-last", lambda host: host)
    apps = fleet(good, bad)
    assert settle(made, apps, counted) == {f"/good{number}" for number in range(good)}
    runs = counted.runs
    assert {each.app for each in made.update(apps).left_out} == {f"/bad{number}" for number in range(len(bad))}
    assert counted.runs == runs
    # Another task of everybody's: one text to ask about, and nobody under suspicion.
    assert made.update(fleet(good, bad, tasks=2)).runs == 1
    return runs


@pytest.mark.parametrize(("good", "bad"), [(9, 1), (90, 10), (200, 100)])
def test_three_runs_of_each_update_are_enough(tmp_path: Path, good: int, bad: int) -> None:
    kinds = [list(WRONG)[number % len(WRONG)] for number in range(bad)]
    assert served_by_all(str(find_binary()), tmp_path, good, kinds) <= 10 + bad


@pytest.mark.parametrize("kind", WRONG)
def test_one_bad_app_takes_two_runs_or_three(tmp_path: Path, kind: str) -> None:
    counted = Counted(tmp_path, str(find_binary()))
    options = Options(haproxy_config=str(tmp_path / "haproxy.cfg"), bind_http_https=False)
    made = Updating(options, Asker(str(counted.path), options.haproxy_dir), Memory(), "keep-last", lambda host: host)
    update = made.update(fleet(3, [kind]))
    # At this one HAProxy gives up reading, so that it is asked about something else in its place first.
    runs = 3 if kind == "unknown action" else 2
    assert (counted.runs, update.runs, len(update.asked)) == (runs, runs, 3)
    assert [(each.app, each.label) for each in update.left_out] == [("/bad0", next(iter(WRONG[kind])))]


def test_every_version_tells_enough(tmp_path: Path, haproxy_image: str) -> None:
    shared = f"-v {tmp_path}:{tmp_path}"
    command = f"docker run --rm --network none --user 0 {shared} --entrypoint haproxy {haproxy_image}"
    assert served_by_all(command, tmp_path, 6, [*WRONG]) <= 20
