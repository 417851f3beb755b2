"""Each HAProxy gives up reading at lines that it refuses, and nobody suffers from that but whoever wrote them."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.live.asking import Asker
from lbgen.live.attempt import MOST_RUNS
from lbgen.live.contract import Reply
from lbgen.live.memory import Memory
from lbgen.live.reading import read_fleet
from lbgen.live.rules.judging import Doubt, judge
from lbgen.live.trying import Trying
from lbgen.live.updating import Updating
from lbgen.pipeline.options import Options

if TYPE_CHECKING:
    from pathlib import Path

GOOD = (
    "option forwardfor",
    "http-request set-header X-A b if { path_beg /a } || !{ src 10.0.0.0/8 }",
    "http-request set-header X-A https://%[hdr(host)]%[path,lower]",
    "http-request replace-path ^/a(.*) /b\\1",
    "http-request redirect scheme https code 301 unless { ssl_fc }",
    "http-response set-header X-A %[res.hdr(x-b)]",
    "http-request set-var(txn.a) req.hdr(a),field(1,:)",
    "http-request deny deny_status 403 if { req.hdr_cnt(a) gt 1 }",
)
# lbgen does not know what it takes.
DOUBTFUL = "http-request strict-mode on"
BAD = (
    "nonsense",
    "http-request nonsense-{n} x",
    "http-response nonsense-{n} x",
    "http-request set-header X-{n}",
    "http-request deny if missing_{n}",
    "http-request deny if {{ no_fetch_{n} x }}",
    "http-request set-header X-A %[path,no_such_{n}]",
    "http-request replace-path ^/a({n} /b",
    'http-request set-header X-A "{n}',
    "http-request set-header X-A %[res.hdr(x-{n})]",
    "acl a table_cnt(nowhere-{n}) gt 1",
    "use-server nowhere-{n} if TRUE",
)


@pytest.fixture
def asker(haproxy_image: str, tmp_path: Path) -> Asker:
    tmp_path.chmod(0o755)
    shared = f"--network none --user 0 -v {shlex.quote(f'{tmp_path}:{tmp_path}')}"
    program = tmp_path / "haproxy"
    program.write_text(f'#!/bin/sh\nexec docker run --rm {shared} --entrypoint haproxy {haproxy_image} "$@"\n')
    program.chmod(0o755)
    return Asker(str(program), "/nowhere", tmp_path)


def app(name: str, line: str, port: int) -> dict[str, Any]:
    labels = {"HAPROXY_GROUP": "external", "HAPROXY_0_MODE": "http", "HAPROXY_0_BACKEND_HTTP_OPTIONS": f"  {line}\n"}
    task = {"id": "t", "host": "10.0.0.1", "ports": [31000], "state": "TASK_RUNNING"}
    return {"id": name, "labels": labels, "portDefinitions": [{"port": port}], "tasks": [task]}


def test_all_healthy_apps_are_served_after_three_runs(asker: Asker, haproxy_version: str) -> None:
    good = [app(f"/good{n}", line, 20000 + n) for n, line in enumerate(GOOD)]
    doubtful = app("/doubtful", DOUBTFUL, 22000)
    bad = [app(f"/bad{n}", BAD[n % len(BAD)].format(n=n), 21000 + n) for n in range(2 * len(BAD))]
    major, minor = map(int, haproxy_version.split("."))
    options = Options(bind_http_https=False)
    updating = Updating(options, asker, Memory(), "keep-last", lambda host: host, version=(major, minor))
    apps = read_fleet(Reply("", "http://marathon", 0.0, {"apps": [*bad, doubtful, *good]}), {})
    trying = Trying(updating)

    first = updating.update(apps)
    assert asker.runs == first.runs <= MOST_RUNS
    assert set(first.asked) == {each["id"] for each in good}, first.left_out
    while updating.memory.waiting:
        before = asker.runs
        assert 0 < trying.step(apps) == asker.runs - before <= MOST_RUNS
    last = updating.update(apps)
    assert set(last.asked) == {*first.asked, "/doubtful"}
    assert {each.app for each in last.left_out if each.label and not each.waiting} == {each["id"] for each in bad}
    assert asker.runs < len(bad) * 2 // 3


def test_what_is_asked_in_place_of_a_line_is_taken_where_the_line_is(asker: Asker) -> None:
    lines = [line for line in GOOD if (judged := judge(line, "backend", None)) and judged.doubt is Doubt.LITTLE]
    asked = [judged.asked for line in lines if (judged := judge(line, "backend", None))]
    assert len(lines) > 5
    for each in (lines, asked):
        labels = {"HAPROXY_0_BACKEND_HTTP_OPTIONS": "".join(f"  {line}\n" for line in each)}
        given = app("/a", "", 20000)
        given["labels"] |= labels
        updating = Updating(Options(bind_http_https=False), asker, Memory(), "keep-last", lambda host: host)
        assert updating.update(read_fleet(Reply("", "http://marathon", 0.0, {"apps": [given]}), {})).asked == {"/a"}
