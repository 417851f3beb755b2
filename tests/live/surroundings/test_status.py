"""What is told of a live load balancer, as a document and to people."""

from __future__ import annotations

import hashlib
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.cli.status import command as status_command
from lbgen.cli.status_text import as_text
from lbgen.errors import ToolError
from lbgen.live.state import LeftOut, Stage
from lbgen.live.status import Telling, document, span
from tests.live.surroundings.states import KEPT, REFUSED, WAITING, state, telling

if TYPE_CHECKING:
    from pathlib import Path

    from lbgen.live.contract import Process


def test_one_that_is_well_says_so() -> None:
    found = document(telling())
    assert found["healthy"]
    assert found["wrong"] == []
    assert (found["served"], found["apps"]) == (41, 43)
    assert found["data"]["endpoint"] == "http://one.example.org:8080"
    assert 5 <= found["data"]["age_seconds"] < 60
    assert found["haproxy"]["processes"] == [{"pid": 12, "reloads_ago": 0}, {"pid": 9, "reloads_ago": 1}]
    json.dumps(found)


NOT_WELL: list[tuple[dict[str, Any], list[str]]] = [
    ({"ready": False}, ["HAProxy does not serve a configuration"]),
    ({"error": "Marathon is away"}, ["the last update failed: Marathon is away"]),
    ({"apps_shrunk": "half of the apps are gone"}, ["half of the apps are gone [LBG905]"]),
    ({"data_at": None}, ["nothing that Marathon tells is served yet"]),
    ({"data_at": None, "endpoint": ""}, ["Marathon has not told anything yet"]),
    ({"left_out": (REFUSED,)}, ["1 app is not served"]),
    ({"left_out": (REFUSED, REFUSED)}, ["2 apps are not served"]),
    ({"left_out": (KEPT,)}, ["1 app is served in its last good form"]),
    ({"left_out": (KEPT, KEPT)}, ["2 apps are served in their last good form"]),
    ({"left_out": (WAITING,)}, ["1 app is to be tried with the next updates"]),
]


@pytest.mark.parametrize(("fields", "wrong"), NOT_WELL)
def test_what_is_not_as_it_should_be_is_a_sentence(fields: dict[str, Any], wrong: list[str]) -> None:
    found = document(telling(**fields))
    assert found["wrong"] == wrong
    assert not found["healthy"]


def test_old_data_is_wrong_once_it_is_old_enough() -> None:
    assert document(telling(data_at=time.monotonic() - 800))["healthy"]
    assert document(telling(data_at=time.monotonic() - 1000))["wrong"] == ["Marathon has told nothing new for 17 min"]


def test_an_app_that_is_left_out_comes_with_reason_label_and_code() -> None:
    (first, second) = document(telling(left_out=(REFUSED, WAITING)))["left_out"]
    assert first == {
        "app": "/shop",
        "label": "HAPROXY_0_BACKEND_HEAD",
        "reason": "unknown keyword 'blance'",
        "rule": "directive-unknown",
        "code": first["code"],
        "since": "1970-01-01T00:00:01+00:00",
        "kept": False,
        "waiting": False,
    }
    assert first["code"].startswith("LBG")
    assert (second["code"], second["since"], second["waiting"]) == ("", None, True)


def test_the_configuration_is_told_by_its_hash(tmp_path: Path) -> None:
    path = tmp_path / "haproxy.cfg"
    path.write_text("global\n")
    assert document(telling(config_path=str(path)))["config"]["sha256"] == hashlib.sha256(b"global\n").hexdigest()
    assert document(telling(config_path=str(tmp_path / "none")))["config"]["sha256"] is None


def test_a_master_that_does_not_answer_is_no_reason_to_tell_nothing() -> None:
    def gone() -> list[Process]:
        raise ConnectionRefusedError

    assert document(Telling(state=state, processes=gone))["haproxy"]["processes"] == []


TEXT = """\
DEGRADED: 41 apps served, 120 servers in 60 backends
  ! the last update failed: HAProxy refuses the configuration
  ! 1 app is not served
  ! 1 app is served in its last good form
  What was served before is served on.

not served:
  /shop  HAPROXY_0_BACKEND_HEAD: unknown keyword 'blance' [CODE] (since WHEN)

served in their last good form:
  /pay  HAPROXY_0_MODE: says the mode twice [CODE] (since WHEN)
  `lbgen rule CODE` explains each code

data      told 5 s ago, from http://one.example.org:8080
update    last went well 3 s ago; it last changed something 10 min ago
reloads   5, 1 refused; 7 changes without one
HAProxy   HAProxy version 2.6.12; worker 12, 1 old
config    /etc/haproxy/haproxy.cfg, sha256 0123456789ab
takes     fetch 120 ms
running   for 2 h, lbgen VERSION
"""


def test_people_read_what_is_wrong_first() -> None:
    found = document(
        telling(
            error="HAProxy refuses the configuration",
            left_out=(REFUSED, KEPT),
            reloads=5,
            failed_reloads=1,
            runtime_updates=7,
            config_path="/etc/haproxy/haproxy.cfg",
            stages={"fetch": Stage(0.1, 0.24, 2)},
        )
    )
    found["config"]["sha256"] = "0123456789abcdef"
    found["lbgen"] = "VERSION"
    found["data"]["age_seconds"], found["last_success_seconds"], found["last_change_seconds"] = 5, 3, 600
    for each in found["left_out"]:
        each["code"], each["since"] = "CODE", "WHEN"
    assert as_text(found) == TEXT


def test_one_that_is_well_has_one_line_of_it() -> None:
    assert as_text(document(telling(served=1))).startswith("OK: 1 app served, 120 servers in 60 backends\n\ndata ")


def test_one_that_does_not_serve_says_that() -> None:
    found = document(telling(ready=False, data_at=None, updated=None, changed=None))
    text = as_text(found)
    assert text.startswith("NOT SERVING\n  ! HAProxy does not serve a configuration\n")
    assert "served on" not in text
    assert "data      never" in text


def test_hostile_names_do_not_reach_the_terminal() -> None:
    text = as_text(document(telling(left_out=(LeftOut("/\x1b[2J", "a\nb\x07"),))))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "  /<U+001B>[2J  a\\nb<U+0007>\n" in text


def test_of_very_many_the_first_are_told() -> None:
    many = tuple(LeftOut(f"/{number}", "no") for number in range(30))
    text = as_text(document(telling(left_out=many)))
    assert "  /19  no\n  and 10 more; --json has all of them\n" in text


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (119, "119 s"), (120, "2 min"), (7199, "120 min"), (7200, "2 h"), (172_800, "2 days")],
)
def test_times_are_said_as_people_say_them(seconds: float, said: str) -> None:
    assert span(seconds) == said


def test_secrets_are_hidden() -> None:
    told = LeftOut("/open", "HAPROXY_0_AUTH: 'staff:anna:horse' is too much", "HAPROXY_0_AUTH")
    found = document(telling(error="cannot reach http://anna:horse@one.example.org", left_out=(told,)))
    assert "http://[hidden]@one.example.org" in found["error"]
    assert "horse" not in json.dumps(found)


@pytest.mark.parametrize("found", [{"version": 2}, {"version": 1, "wrong": 3, "serving": True, "healthy": True}])
def test_what_is_not_known_is_no_traceback(found: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lbgen.live.asking_status.ask", lambda _: found)
    with pytest.raises(ToolError, match="in a form that this lbgen does not know"):
        status_command.main(["--url", "http://one"], standalone_mode=False)
    assert status_command.main(["--url", "http://one", "--json"], standalone_mode=False) in {0, 1}
