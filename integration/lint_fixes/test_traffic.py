"""Each rewritten line on each HAProxy: what comes out is what the old word made of it."""

from __future__ import annotations

import http.client
import json
import re
import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from integration.lint_fixes.cases import REQUESTS, RESPONSES
from lbgen.haproxy.modern import Context, modern
from lbgen.haproxy.words import lex, quote_word
from lbgen.testing import Stub, run_haproxy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from integration.lint_fixes.cases import Answered
    from lbgen.testing import Haproxy

HEAD = """\
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  timeout tarpit 200ms
frontend web
  bind :8080
  use_backend %[req.hdr(x-case)]
listen upstream
  bind 127.0.0.1:9000
"""
# Where the old word was about the frontend, or about time.
FRONTENDS = [(8081, "clitimeout 500"), (8082, "monitor-net 0.0.0.0/0"), (8083, "option forceclose")]
# A check that is answered for what the old line asked, and one that asks something else.
CHECK = r"option httpchk GET /h HTTP/1.1\r\nHost:\ www\r\nX-A:\ 100%\ b"
CHECKED = """\
frontend checked
  bind :8084
  http-request return status 200 content-type text/plain string up if { path /same } { nbsrv(same) gt 0 }
  http-request return status 200 content-type text/plain string up if { path /other } { nbsrv(other) gt 0 }
  http-request deny deny_status 503
listen health
  bind 127.0.0.1:9001
  acl host req.hdr(host) -m str www
  acl more req.hdr(x-a) -m str "100% b"
  http-request deny unless { method GET } { path /h } { req.ver 1.1 } host more
  http-request return status 200 content-type text/plain string ok
"""
BACKENDS = {"slow": "srvtimeout 300", "kept": "redispatch", "late": "timeout srvtimeout 300"}


def now(old: str, section: str = "backend") -> str:
    """The lines that lint writes in place of the old ones."""
    made = [modern(lex(line), Context(section)) for line in old.split("\n")]
    assert None not in made, old
    return "\n  ".join(each.text for each in made if each is not None)


def configuration() -> str:
    """Everything in one file: a backend for each line, chosen by a header of the request."""
    answers = [
        f"  http-request return status 200 content-type text/plain string ok{_headers(answered)}"
        f" if {{ req.hdr(x-answer) r{number}_{index} }}\n"
        for number, answers in enumerate(RESPONSES.values())
        for index, answered in enumerate(answers)
    ]
    requests = [_backend(f"q{number}", now(old), "stub:8080") for number, old in enumerate(REQUESTS)]
    responses = [_backend(f"r{number}", now(old), "127.0.0.1:9000") for number, old in enumerate(RESPONSES)]
    others = [_backend(name, now(old), "stub:8080") for name, old in BACKENDS.items()]
    fronts = [
        f"frontend f{port}\n  bind :{port}\n  {now(old, 'frontend')}\n  default_backend kept\n"
        for port, old in FRONTENDS
    ]
    server = "127.0.0.1:9001 check inter 100ms fall 1"
    checks = [
        _backend("same", now(CHECK).replace("\n", "\n  "), server),
        _backend("other", now(CHECK.replace("www", "else")).replace("\n", "\n  "), server),
    ]
    return "".join((HEAD, *answers, *fronts, *requests, *responses, *others, CHECKED, *checks))


def _headers(answered: Answered) -> str:
    return "".join(f" hdr {name} {quote_word(value.replace('%', '%%'))}" for name, value in answered.headers)


def _frontend(port: int, line: str) -> str:
    return f"frontend f{port}\n  bind :{port}\n  {line}\n  default_backend kept\n"


def _backend(name: str, line: str, server: str) -> str:
    return f"backend {name}\n  {line}\n  server s {server}\n"


@pytest.fixture(scope="module")
def haproxy(haproxy_image: str) -> Iterator[Haproxy]:
    with run_haproxy(configuration(), stubs=[Stub("stub")], engine="container", image=haproxy_image) as started:
        # A check that fails is told, and so is a backend without servers.
        assert [line for line in started.warnings() if "other" not in line] == []
        yield started


def test_requests_are_changed_as_they_were(haproxy: Haproxy) -> None:
    for number, (old, exchanges) in enumerate(REQUESTS.items()):
        for asked in exchanges:
            answer = sent(haproxy, asked.path, (("X-Case", f"q{number}"), *asked.headers))
            assert answer.status == asked.status, (old, asked)
            if asked.status != 200:
                continue
            seen = answer.json()
            path = seen["path"] + (f"?{seen['query']}" if seen["query"] else "")
            assert path == (asked.seen_path or asked.path), (old, asked)
            for name, values in asked.seen:
                assert tuple(seen["headers"].get(name, [])) == values, (old, asked)


def test_responses_are_changed_as_they_were(haproxy: Haproxy) -> None:
    for number, (old, exchanges) in enumerate(RESPONSES.items()):
        for index, answered in enumerate(exchanges):
            headers = (("X-Case", f"r{number}"), ("X-Answer", f"r{number}_{index}"))
            answer = sent(haproxy, "/", headers)
            assert answer.status == answered.status, (old, answered)
            for name, values in answered.got:
                got = tuple(value for key, value in answer.headers if key.lower() == name)
                assert got == values, (old, answered)


def test_timeouts_are_those_of_old(haproxy: Haproxy) -> None:
    assert sent(haproxy, "/_stub/wait/5", (("X-Case", "slow"),)).status == 504
    assert sent(haproxy, "/_stub/wait/5", (("X-Case", "late"),)).status == 504
    assert sent(haproxy, "/_stub/wait/1", (("X-Case", "kept"),)).status == 200
    start = time.monotonic()
    with closing(haproxy.connect(8081)) as connection:
        assert b" 408 " in connection.recv(1000)
    assert 0.3 < time.monotonic() - start < 5


def test_a_check_asks_what_it_asked(haproxy: Haproxy) -> None:
    deadline = time.monotonic() + 10
    while haproxy.request(8084, "/other").status == 200 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert haproxy.request(8084, "/other").status == 503
    time.sleep(0.5)
    assert haproxy.request(8084, "/same").status == 200


def test_a_monitored_network_gets_its_answer_and_servers_hear_nothing(haproxy: Haproxy) -> None:
    answer = haproxy.request(8082, "/x")
    assert answer.status == 200
    assert b"stub" not in answer.body


def test_closing_is_announced(haproxy: Haproxy) -> None:
    answer = haproxy.request(8083, "/x")
    assert answer.headers["connection"] == ["close"]


def test_a_line_of_each_word_is_tried() -> None:
    olds = (*REQUESTS, *RESPONSES, *BACKENDS.values(), *(old for _, old in FRONTENDS))
    tried = {line.split()[0] for old in olds for line in old.split("\n")}
    words = {re.sub(r"^((?:req|rsp))i", r"\1", word) for word in tried}
    assert {
        "reqadd",
        "reqdel",
        "reqrep",
        "reqdeny",
        "reqallow",
        "reqtarpit",
        "rspadd",
        "rspdel",
        "rsprep",
        "rspdeny",
    } <= words
    assert {"block", "clitimeout", "srvtimeout", "redispatch", "monitor-net"} <= words


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer with every one of its headers."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def json(self) -> Any:
        """What the stub says."""
        return json.loads(self.body)


def sent(haproxy: Haproxy, path: str, headers: tuple[tuple[str, str], ...]) -> _Answer:
    """The answer to a request with these headers, some of them more than once, in this order."""
    given = headers if any(name.lower() == "host" for name, _ in headers) else (("Host", "a.example"), *headers)
    client = http.client.HTTPConnection("unused")
    with closing(haproxy.connect(8080)) as connection:
        client.sock = connection
        client.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
        for name, value in given:
            client.putheader(name, value)
        client.endheaders()
        response = client.getresponse()
        return _Answer(response.status, response.getheaders(), response.read())
