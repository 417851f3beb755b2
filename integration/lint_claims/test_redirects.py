"""Redirects that `redirect-broken` finds never end or are never sent, and those that it leaves alone work."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options
from lbgen.testing import Stub, run_stubs
from lbgen.testing.apps import run_from_apps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lbgen.testing import Haproxy

MOST = 5
REDIR, CUT = "HTTP_BACKEND_REDIR", "HTTP_BACKEND_PROXYPASS_PATH"
CASES: dict[str, tuple[dict[str, str], int | str]] = {
    # an app's labels, and how often a request for / of its first vhost is redirected before it is answered
    "/root": ({"VHOST": "root.test", REDIR: "/"}, "for ever"),
    "/url": ({"VHOST": "url.test", REDIR: "http://url.test/?from=root"}, "for ever"),
    "/cut": ({"VHOST": "cut.test", CUT: "/app", REDIR: "/app/"}, "for ever"),
    "/several": ({"VHOST": "several.test,other.test", REDIR: "/start"}, "never"),
    "/start": ({"VHOST": "start.test", REDIR: "/start"}, 1),
    "/below": ({"VHOST": "below.test", CUT: "/app", REDIR: "/app/start"}, 1),
}


def apps(host: str = "10.0.0.1", port: int = 9001) -> list[dict[str, Any]]:
    """The apps, each with one task that is there."""
    task = {"id": "t", "host": host, "ports": [port], "state": "TASK_RUNNING"}
    return [
        {
            "id": app_id,
            "labels": {"HAPROXY_GROUP": "external", **{f"HAPROXY_0_{name}": text for name, text in labels.items()}},
            "portDefinitions": [{"port": 10001 + rank}],
            "tasks": [task],
        }
        for rank, (app_id, (labels, _)) in enumerate(CASES.items())
    ]


@pytest.fixture(scope="module")
def haproxy(haproxy_image: str) -> Iterator[Haproxy]:
    """The apps on each HAProxy."""
    with run_stubs(Stub("app", port=9001), image=haproxy_image) as stubs:
        address = stubs["app"]
        with run_from_apps(apps(address.host, address.port), stubs=stubs) as started:
            yield started


def followed(haproxy: Haproxy, host: str) -> int | str:
    """How often a request for / is redirected."""
    path = "/"
    for count in range(MOST):
        answer = haproxy.request(80, path, headers={"Host": host})
        if answer.status == 200:
            return count or "never"
        assert answer.status == 301
        path = re.sub(r"^https?://[^/]+", "", answer.headers["location"][0])
    return "for ever"


@pytest.mark.parametrize("app_id", CASES)
def test_what_becomes_of_a_request(haproxy: Haproxy, app_id: str) -> None:
    labels, times = CASES[app_id]
    assert followed(haproxy, labels["VHOST"].partition(",")[0]) == times


def test_lint_finds_those_that_never_end_or_are_never_sent(tmp_path: Path) -> None:
    path = tmp_path / "apps.json"
    path.write_text(json.dumps(apps()))
    found = {each.app for each in lint([str(path)], Options(groups=())).findings if each.rule == "redirect-broken"}
    assert found == {app_id for app_id, (_, times) in CASES.items() if not isinstance(times, int)}
