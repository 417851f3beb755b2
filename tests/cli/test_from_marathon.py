"""`lbgen haproxy from-marathon`: what it prints, and how it ends; Marathon itself is played by a function."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.live.contract import Reply, SourceError
from lbgen.live.marathon import Access, BasicAuth, Endpoint, MarathonSource
from tests.pipeline.files import GOOD, GROUP, put

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.command import Ended

RUNNING = GOOD | {"tasks": [{"id": "t", "host": "192.0.2.7", "ports": [31007], "state": "TASK_RUNNING"}]}
URL = "http://m:8080"


class Asked:
    """How Marathon was reached, and what it says."""

    def __init__(self) -> None:
        self.apps: list[Any] = [RUNNING]
        self.access = Access((Endpoint("http://nobody"),))
        self.error: SourceError | None = None

    def make(self, access: Access) -> None:
        self.access = access

    def fetch(self) -> Reply:
        if self.error is not None:
            raise self.error
        value = {"apps": self.apps}
        return Reply(json.dumps(value), str(self.access.endpoints[0]), 0.0, value)


@pytest.fixture
def marathon(monkeypatch: pytest.MonkeyPatch) -> Asked:
    asked = Asked()
    for name in ("MARATHON_USER", "MARATHON_PASSWORD", "DCOS_SERVICE_ACCOUNT_CREDENTIAL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(MarathonSource, "__init__", lambda _, access: asked.make(access))
    monkeypatch.setattr(MarathonSource, "fetch", lambda _: asked.fetch())
    return asked


class TestOutput:
    def test_is_that_of_from_app(self, run: Callable[..., Ended], marathon: Asked, tmp_path: Path) -> None:
        put(tmp_path / "apps.json", {"apps": marathon.apps})
        ended = run("haproxy", "from-marathon", URL, "--annotate")
        assert ended == run("haproxy", "from-app", "apps.json", "--annotate")
        assert "192.0.2.7:31007" in ended.out
        assert ended.status == 0

    def test_leaves_out_what_is_bad(self, run: Callable[..., Ended], marathon: Asked) -> None:
        marathon.apps.append(RUNNING | {"id": "/bad", "labels": GROUP | {"HAPROXY_0_PORT": "https"}})
        ended = run("haproxy", "from-marathon", URL)
        assert f"{URL}/v2/apps: error[bad-label-value]" in ended.err
        assert "/bad is left out" in ended.err
        assert ended.status == 1

    def test_is_nothing_where_marathon_cannot_be_read(
        self, run: Callable[..., Ended], marathon: Asked, tmp_path: Path
    ) -> None:
        marathon.error = SourceError(f"{URL} refuses the connection")
        ended = run("haproxy", "from-marathon", URL, "-o", "haproxy.cfg")
        assert ended == ("", f"lbgen: error: {URL} refuses the connection\n", 2)
        assert not (tmp_path / "haproxy.cfg").exists()


class TestAutoPools:
    @pytest.fixture(autouse=True)
    def _labelled(self, marathon: Asked) -> None:
        labels = {"edgelb.expose": "true", "edgelb.template": "default", "edgelb.web.frontend.port": "80"}
        ports = {"portDefinitions": [{"port": 10001, "name": "web"}]}
        marathon.apps = [RUNNING | {"id": "/web", "labels": labels, **ports}]

    @pytest.mark.parametrize("dialect", ["portable", "edge-lb"])
    def test_are_those_of_from_app(
        self, run: Callable[..., Ended], marathon: Asked, tmp_path: Path, dialect: str
    ) -> None:
        put(tmp_path / "apps.json", {"apps": marathon.apps})
        options = ("--auto-pools", "--dialect", dialect)
        ended = run("haproxy", "from-marathon", URL, *options, "--auth-credentials", "lb:secret", "--read-timeout", 2)
        assert ended.out == run("haproxy", "from-app", "apps.json", *options).out
        assert "192.0.2.7" in ended.out
        assert ended.status == 0

    def test_without_them_nobody_has_labels(self, run: Callable[..., Ended]) -> None:
        assert "192.0.2.7" not in run("haproxy", "from-marathon", URL).out


class TestAccess:
    def test_is_what_the_options_say(self, run: Callable[..., Ended], marathon: Asked) -> None:
        limits = ("--connect-timeout", 1, "--read-timeout", 2, "--total-timeout", 3)
        options = ("--auth-credentials", "lb:secret", "--no-verify-tls", *limits)
        assert run("haproxy", "from-marathon", URL, "n:1", *options).status == 0
        endpoints = (Endpoint(URL), Endpoint("http://n:1"))
        expected = Access(
            endpoints, BasicAuth("lb", "secret"), verify=False, connect_seconds=1, read_seconds=2, total_seconds=3
        )
        assert marathon.access == expected

    def test_is_verified_and_nobody_s_by_default(self, run: Callable[..., Ended], marathon: Asked) -> None:
        run("haproxy", "from-marathon", URL)
        assert marathon.access == Access((Endpoint(URL),))
        assert marathon.access.verify

    @pytest.mark.parametrize(
        ("options", "sentence"),
        [
            (("--auth-credentials", "secret"), "--auth-credentials should be user:password in one line"),
            (("--marathon-ca-cert", "gone.pem"), "gone.pem cannot be read: No such file or directory"),
            (("--read-timeout", "0"), "0.0 is not in the range x>0."),
            (("--dialect", "edge-lb"), "--dialect edge-lb goes with --auto-pools"),
            (("--auto-pools", "--dialect", "marathon-lb"), "--dialect marathon-lb does not go with --auto-pools"),
            (("--auto-pools", "--haproxy-map"), "--haproxy-map is for Marathon-LB's labels"),
            (("--haproxy-config", "/a b"), "--haproxy-config: a path with ' ' cannot be written where maps are read"),
        ],
    )
    @pytest.mark.usefixtures("marathon")
    def test_that_is_not_possible_is_refused(
        self, run: Callable[..., Ended], options: tuple[str, ...], sentence: str
    ) -> None:
        ended = run("haproxy", "from-marathon", URL, *options)
        assert sentence in ended.err
        assert "secret" not in ended.err
        assert ended.status == 2

    def test_needs_an_endpoint(self, run: Callable[..., Ended]) -> None:
        assert "Missing argument 'URL...'" in run("haproxy", "from-marathon").err
        assert "an endpoint of Marathon is written as" in run("haproxy", "from-marathon", "ftp://m").err
