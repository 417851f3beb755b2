"""Marathon-LB's command line and its container's environment, as `lbgen run marathon-lb` takes them."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest
from cryptography import x509

from lbgen.cli import run_container
from lbgen.cli.run_words import INEFFECTIVE, repeated, whole, without_ineffective
from lbgen.errors import ToolError, UsageError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (
            ["--marathon", "http://a", "http://b", "--sse"],
            ["--marathon", "http://a", "--marathon", "http://b", "--sse"],
        ),
        (["-m", "http://a", "-m", "http://b"], ["-m", "http://a", "-m", "http://b"]),
        (["--marathon=http://a", "--group", "x"], ["--marathon=http://a", "--group", "x"]),
        (["--marathon", "http://a", "sse", "-H"], ["--marathon", "http://a", "sse", "-H"]),
        (["sse", "--group", "external"], ["sse", "--group", "external"]),
        (["-m", "master:8080", "b:8080", "-d"], ["-m", "master:8080", "-m", "b:8080", "-d"]),
    ],
)
def test_several_endpoints_stand_behind_one_option(given: list[str], meant: list[str]) -> None:
    assert repeated(given) == meant


def test_options_that_say_nothing_are_told_and_left_out() -> None:
    said: list[str] = []
    given = ["--lru-cache-capacity", "10", "--group", "x", "--lru-cache-capacity=5", "--skip-config-cleanup", "-H"]
    assert without_ineffective(given, said.append) == ["--group", "x", "-H"]
    assert [sentence.split()[0] for sentence in said] == [
        "--lru-cache-capacity",
        "--lru-cache-capacity",
        "--skip-config-cleanup",
    ]
    assert all(why for _, why in INEFFECTIVE.values())


def test_certificates_of_the_environment_come_after_those_given(tmp_path: Path) -> None:
    environ = {"HAPROXY_SSL_CERT": "one\\ntwo", "HAPROXY_SSL_CERT0": "zero", "HAPROXY_SSL_CERT7": "seven"}
    found = run_container.certificates(environ, ["/etc/mine.pem"], tmp_path)
    assert found == ["/etc/mine.pem", *(str(tmp_path / name) for name in ("cert.pem", "cert0.pem", "cert7.pem"))]
    assert (tmp_path / "cert.pem").read_text() == "one\ntwo"
    assert stat.S_IMODE((tmp_path / "cert.pem").stat().st_mode) == 0o600


def test_numbered_certificates_alone_are_none(tmp_path: Path) -> None:
    assert run_container.certificates({"HAPROXY_SSL_CERT0": "zero"}, [], tmp_path) == []
    assert not list(tmp_path.iterdir())


def test_a_certificate_is_made_where_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "cert.pem"
    run_container.ensure_certificate(path)
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    assert (certificate.not_valid_after_utc - certificate.not_valid_before_utc).days >= 3650
    made = path.read_bytes()
    run_container.ensure_certificate(path)
    assert path.read_bytes() == made


def test_templates_come_from_the_sandbox_of_the_task(tmp_path: Path) -> None:
    assert run_container.templates({}) is None
    assert run_container.templates({"MESOS_SANDBOX": str(tmp_path)}) is None
    (tmp_path / "templates").mkdir()
    assert run_container.templates({"MESOS_SANDBOX": str(tmp_path)}) == tmp_path / "templates"


@pytest.mark.parametrize("text", ["soon", "0", "-1", "nan", "inf", "1e9"])
def test_an_interval_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="POLL_INTERVAL should be a number of seconds"):
        run_container.poll_interval({"POLL_INTERVAL": text})


def test_the_interval_is_a_minute_where_nothing_is_said() -> None:
    assert run_container.poll_interval({}) == 60
    assert run_container.poll_interval({"POLL_INTERVAL": "2.5"}) == 2.5


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("--strict", "--strict-mode"),
        ("--haproxy-conf=/x=y", "--haproxy-config=/x=y"),
        ("--group", "--group"),
        ("--haproxy", "--haproxy"),
        ("--debounce", "--debounce"),
        ("--d", "--d"),
        ("--", "--"),
        ("strict", "strict"),
        ("-s", "-s"),
    ],
)
def test_options_may_be_cut_short(given: str, meant: str) -> None:
    assert whole(given, {"--debounce", "--group"}) == meant


def test_what_the_kernel_should_know_is_set(tmp_path: Path) -> None:
    (tmp_path / "net" / "core").mkdir(parents=True)
    assert run_container.set_kernel({}, tmp_path) == []
    environ = {"HAPROXY_SYSCTL_PARAMS": "net.core.somaxconn=65535 net.core.empty="}
    assert run_container.set_kernel(environ, tmp_path) == []
    assert (tmp_path / "net" / "core" / "somaxconn").read_text() == "65535\n"


def test_what_is_no_text_is_written_as_the_bytes_that_it_was(tmp_path: Path) -> None:
    assert run_container.set_kernel({"HAPROXY_SYSCTL_PARAMS": "x=\udcff"}, tmp_path) == []
    assert (tmp_path / "x").read_bytes() == b"\xff\n"
    assert run_container.certificates({"HAPROXY_SSL_CERT": "\udcff"}, [], tmp_path) == [str(tmp_path / "cert.pem")]
    assert (tmp_path / "cert.pem").read_bytes() == b"\xff"


@pytest.mark.parametrize("word", ["net.nowhere.x=1", "net.core", "=1", "../x=1", "/etc/x=1", ".etc.x=1"])
def test_what_cannot_be_set_ends_the_start_unless_that_is_allowed(tmp_path: Path, word: str) -> None:
    environ = {"HAPROXY_SYSCTL_PARAMS": word}
    with pytest.raises(ToolError, match="cannot be set"):
        run_container.set_kernel(environ, tmp_path)
    (said,) = run_container.set_kernel({**environ, "HAPROXY_SYSCTL_NONSTRICT": "1"}, tmp_path)
    assert word in said
