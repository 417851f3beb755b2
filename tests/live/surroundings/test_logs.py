"""Logs: their forms, what they hide, what they do not repeat."""

from __future__ import annotations

import io
import json
import logging
import socket
from typing import TYPE_CHECKING

import pytest

from lbgen.errors import UsageError
from lbgen.live import logs
from lbgen.live.secrets import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

log = logging.getLogger("lbgen.live.test")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


def said(form: str, level: str = "INFO") -> io.StringIO:
    stream = io.StringIO()
    logs.set_up(form, level, stream=stream)
    return stream


def test_text_is_a_line_with_time_and_level() -> None:
    stream = said("text")
    log.info("the app %s is no longer left out", "/web")
    assert stream.getvalue()[19:] == " info     the app /web is no longer left out\n"
    assert stream.getvalue()[4] == "-"


def test_json_is_a_line_of_json() -> None:
    stream = said("json")
    log.warning("the app %s is left out", "/we\nb")
    (line,) = stream.getvalue().splitlines()
    found = json.loads(line)
    assert (found["event"], found["level"], found["logger"]) == ("the app /we\nb is left out", "warning", log.name)
    assert found["timestamp"].endswith("Z")


def test_a_form_of_python_is_one_of_marathon_lbs() -> None:
    stream = said("%(name)s: %(message)s")
    log.error("gone")
    assert stream.getvalue() == "lbgen.live.test: gone\n"


@pytest.mark.parametrize("form", ["xml", "%(", "%(message)", "%(message)z"])
def test_other_forms_are_refused(form: str) -> None:
    with pytest.raises(UsageError, match="--log-format"):
        logs.set_up(form)


def test_less_than_the_level_is_not_said() -> None:
    stream = said("text", "warning")
    log.info("nothing to speak of")
    assert stream.getvalue() == ""


def test_mistakes_come_with_their_traces() -> None:
    stream = said("json")
    try:
        _ = 1 // 0
    except ZeroDivisionError:
        log.exception("a mistake")
    assert "ZeroDivisionError" in json.loads(stream.getvalue())["exception"]


def test_text_moves_no_cursor() -> None:
    stream = said("text")
    log.info("the app %s", "/\x1b[2J\nfake")
    assert stream.getvalue()[20:] == "info     the app /<U+001B>[2J\\nfake\n"


SECRETS = [
    ("cannot reach http://anna:horse@one.example.org:8080/v2", "http://[hidden]@one.example.org:8080/v2"),
    ("Authorization: Basic YW5uYTpob3JzZQ==", "Basic [hidden]"),
    ("Authorization: token=eyJhbGciOiJIUzI1NiJ9.e30.abc", "token= [hidden]"),
    ("unknown keyword in 'user anna password horse'", "password [hidden]"),
    ("user anna insecure-password horse", "insecure-password [hidden]"),
    ("refused: $6$saltsalt$aGFzaGhhc2hoYXNo", "refused: [hidden]"),
    ('HAPROXY_0_AUTH: "staff:anna:horse"', "HAPROXY_0_AUTH: [hidden]"),
    ("cannot reach http://anna:ho@horse@one.example.org:8080", "http://[hidden]@one.example.org:8080"),
    ("HAPROXY_0_AUTH: 'staff:horse' has no user", "HAPROXY_0_AUTH: [hidden] has no user"),
    ("HAPROXY_0_AUTH='staff:anna:horse battery' is no hash", "HAPROXY_0_AUTH=[hidden] is no hash"),
    ("{'private_key': 'horse'}", "'private_key': '[hidden]'"),
]


@pytest.mark.parametrize(("text", "shown"), SECRETS)
@pytest.mark.parametrize("form", ["text", "json", "%(message)s"])
def test_secrets_are_hidden(form: str, text: str, shown: str) -> None:
    stream = said(form)
    log.warning("%s", text)
    found = json.loads(stream.getvalue())["event"] if form == "json" else stream.getvalue()
    assert shown in found
    assert "horse" not in found
    assert "YW5uYTpob3JzZQ" not in found


def test_what_is_no_secret_is_left_alone() -> None:
    for text in (
        "HAPROXY_0_AUTH: needs a realm, a user and a password",
        "HAPROXY_0_AUTH: 'nothing at all' has no user",
        "http://one.example.org:8080 and http://two.example.org:8080",
        "http://one.example.org:8080",
        "/basic is out",
    ):
        assert without_secrets(text) == text


def test_a_warning_is_said_once_until_a_while_has_passed() -> None:
    stream = said("%(message)s")
    for number in range(5):
        log.warning("Marathon does not answer for %d s", number)
    log.warning("another thing")
    assert stream.getvalue() == "Marathon does not answer for 0 s\nanother thing\n"
    again = logs.SaidAlready(0.0)
    record = log.makeRecord("x", logging.WARNING, "", 1, "y", (), None)
    assert again.filter(record)
    assert again.filter(record)


def test_what_is_told_to_somebody_is_told_each_time() -> None:
    stream = said("%(message)s")
    log.info("a reload is needed")
    log.info("a reload is needed")
    assert stream.getvalue().count("a reload is needed") == 2


def test_syslog_gets_it_too(tmp_path: Path) -> None:
    path = tmp_path / "log"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(path))
        listening.settimeout(10)
        logs.set_up("%(message)s", syslog=str(path), stream=io.StringIO())
        log.error("gone")
        assert b"gone" in listening.recv(1000)
        for handler in logging.getLogger().handlers:
            handler.close()


def test_a_socket_that_is_not_there_is_told_and_waited_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, stream = tmp_path / "log", io.StringIO()
    logs.set_up("%(message)s", syslog=str(path), stream=stream)
    log.error("lost, with http://anna:horse@one.example.org")
    assert stream.getvalue().startswith(f"there is no {path} yet: ")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(path))
        listening.settimeout(10)
        log.error("heard")
        assert b"heard" in listening.recv(1000)
    path.unlink()
    log.error("lost again")
    assert capsys.readouterr().err == ""
    assert stream.getvalue().endswith("heard\nlost again\n")
    for handler in logging.getLogger().handlers:
        handler.close()


def test_apps_with_numbers_in_their_names_are_all_told() -> None:
    stream = said("%(message)s")
    for name in ("/app-1", "/app-2", "/team/1", "/team/2"):
        log.warning("the app %s is left out", name)
    for status in (503, 404):
        log.error("%s", f"http://one.example.org:8080 answers {status}")
    assert len(stream.getvalue().splitlines()) == 6


def test_times_and_counts_make_no_other_line() -> None:
    stream = said("%(message)s")
    for number in (1, 22):
        log.error("%s", f"the next reload is {number}.5 s away, for {number:,} servers; HAProxy ({number}) waits")
    assert len(stream.getvalue().splitlines()) == 1


def test_another_mistake_is_another_line() -> None:
    stream = said("%(message)s")
    for error in (ValueError("one"), KeyError("two")):
        try:
            raise error
        except (LookupError, ValueError):
            log.exception("a mistake")
    assert "one" in stream.getvalue()
    assert "two" in stream.getvalue()


def test_a_form_of_python_moves_no_cursor() -> None:
    stream = said("%(message)s")
    log.info("the app %s", "/\x1b[2J\nfake")
    assert stream.getvalue() == "the app /<U+001B>[2J\\nfake\n"


def test_what_begins_again_is_told_again() -> None:
    stream = said("%(message)s")
    for _ in range(2):
        logging.getLogger(logs.CHANGES).warning("the app /web is left out")
        logging.getLogger(logs.CHANGES).info("the app /web is no longer left out")
        log.warning("the app /web is left out")
    assert stream.getvalue().count("the app /web is left out") == 2


def test_whatever_others_log_is_said() -> None:
    stream = said("%(message)s")
    log.warning("100% of it")
    log.warning("%(of)s it", {"of": "all of"})
    assert stream.getvalue() == "100% of it\nall of it\n"


@pytest.mark.parametrize("form", ["text", "%(message)s"])
def test_no_line_of_a_trace_looks_like_one_of_the_log(form: str) -> None:
    def fail() -> None:
        raise ValueError("a label says\n2026-01-01 00:00:00 info     all is well\x1b[2J")

    stream = said(form)
    try:
        fail()
    except ValueError:
        log.exception("a mistake")
    first, *trace = stream.getvalue().splitlines()
    assert first.endswith("a mistake")
    assert "  2026-01-01 00:00:00 info     all is well<U+001B>[2J" in trace
    assert all(line.startswith("  ") for line in trace)
