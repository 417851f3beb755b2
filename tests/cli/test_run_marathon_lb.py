"""Each option of Marathon-LB, in the ways in which its command line took it, means here what it meant there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lbgen.cli import run_running
from lbgen.cli.run_words import INEFFECTIVE, PRODUCT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.command import Ended

TABLE: list[tuple[str, dict[str, Any]]] = [
    ("", {"urls": ("http://master.mesos:8080",), "groups": ("external",), "mode": None, "sse": False}),
    ("-m http://a:1", {"urls": ("http://a:1",)}),
    ("--marathon http://a:1 http://b:2", {"urls": ("http://a:1", "http://b:2")}),
    ("--marathon=http://a:1", {"urls": ("http://a:1",)}),
    ("--haproxy-config /x/y.cfg", {"haproxy_config": "/x/y.cfg"}),
    ("--group internal --group *", {"groups": ("external", "internal", "*")}),
    ("-c RELOAD", {"reload_command": "RELOAD"}),
    ("--command RELOAD", {"reload_command": "RELOAD"}),
    ("", {"max_reload_retries": 10, "reload_interval": 10}),
    ("--max-reload-retries -1", {"max_reload_retries": -1}),
    ("--max-reload-retries=0", {"max_reload_retries": 0}),
    ("--reload-interval 3", {"reload_interval": 3}),
    ("--strict-mode", {"strict_mode": True}),
    ("-s", {"sse": True}),
    ("--sse", {"sse": True}),
    ("", {"archive_versions": 5}),
    ("--archive-versions 0", {"archive_versions": 0}),
    ("-H", {"health_check": True}),
    ("--health-check", {"health_check": True}),
    ("--haproxy-map", {"haproxy_map": True}),
    ("--dont-bind-http-https", {"dont_bind_http_https": True}),
    ("--group-https-by-vhost", {"group_https_by_vhost": True}),
    ("--ssl-certs /a.pem,/b.pem", {"ssl_certs": "/a.pem,/b.pem"}),
    ("--skip-validation", {"skip_validation": True}),
    ("-d", {"dry": True}),
    ("--dry", {"dry": True}),
    ("", {"min_serv_port_ip_per_task": 10050, "max_serv_port_ip_per_task": 10100}),
    ("--min-serv-port-ip-per-task 1 --max-serv-port-ip-per-task 9", {"min_serv_port_ip_per_task": 1}),
    ("--max-backoff 60", {"max_backoff": 60}),
    ("", {"max_backoff": 300}),
    ("--syslog-socket /dev/log", {"syslog_socket": "/dev/log"}),
    ("--log-format FORM", {"log_format": "FORM"}),
    ("--log-level debug", {"log_level": "DEBUG"}),
    ("--marathon-auth-credential-file /c", {}),
    ("--auth-credentials user:pass", {"auth_credentials": "user:pass"}),
    ("--dcos-auth-credentials {}", {"dcos_auth_credentials": "{}"}),
    ("--marathon-ca-cert /ca.pem", {}),
    ("--lru-cache-capacity 9", {}),
    ("--lru-cache-capacity=9", {}),
    ("--skip-config-cleanup", {}),
    ("-sHd", {"sse": True, "health_check": True, "dry": True}),
    ("--health --strict --dont-bind --skip-v", {"health_check": True, "strict_mode": True, "skip_validation": True}),
    ("--haproxy-c /x --lru 7", {"haproxy_config": "/x"}),
    ("sse", {"mode": "sse"}),
    ("poll -m http://a:1 http://b:2", {"mode": "poll", "urls": ("http://a:1", "http://b:2")}),
    ("-m http://a:1 http://b:2 sse", {"mode": "sse", "urls": ("http://a:1", "http://b:2")}),
]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The options with which it would run."""
    found: dict[str, Any] = {}
    monkeypatch.setattr(run_running, "run", lambda options, _: found.update(options) or 0)
    return found


@pytest.mark.parametrize(("words", "meant"), TABLE)
def test_options_mean_what_they_meant(
    run: Callable[..., Ended], given: dict[str, Any], words: str, meant: dict[str, Any]
) -> None:
    ended = run("run", "marathon-lb", "--group", "external", *words.split())
    assert ended.status == 0, ended.err
    assert {name: given[name] for name in meant} == meant


def test_each_option_is_tried() -> None:
    tried = {word.partition("=")[0] for words, _ in TABLE for word in words.split()}
    assert set(PRODUCT) - tried == {"--help", "--longhelp"}
    assert INEFFECTIVE.keys() <= set(PRODUCT)


@pytest.mark.parametrize("words", ["", "--group", "--group x --max 5", "--group x --ha", "--group x other"])
def test_what_means_nothing_is_an_error(run: Callable[..., Ended], given: dict[str, Any], words: str) -> None:
    assert run("run", "marathon-lb", *words.split()).status == 2
    assert not given


def test_the_long_help_needs_nothing_else(run: Callable[..., Ended]) -> None:
    assert run("run", "marathon-lb", "--longhelp").out.count("lbgen schema app") == 1


class TestEnvironment:
    def test_says_where_the_log_goes_where_no_option_does(
        self, run: Callable[..., Ended], given: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SYSLOG_SOCKET", "/dev/log")
        run("run", "marathon-lb", "sse", "--group", "x")
        assert given["syslog_socket"] == "/dev/log"
        run("run", "marathon-lb", "sse", "--group", "x", "--syslog-socket", "/else")
        assert given["syslog_socket"] == "/else"
        run("run", "marathon-lb", "--sse", "--group", "x")
        assert given["syslog_socket"] is None

    def test_that_says_nothing_here_is_told(
        self, run: Callable[..., Ended], given: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HAPROXY_SYSLOGD", "1")
        monkeypatch.setenv("VAULT_TOKEN", "horse")
        said = run("run", "marathon-lb", "sse", "--group", "x").err
        assert "HAPROXY_SYSLOGD does nothing here" in said
        assert "VAULT_TOKEN does nothing here" in said
        assert "horse" not in said
        assert given["mode"] == "sse"
