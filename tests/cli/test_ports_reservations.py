"""`lbgen ports reserve`, `renew`, `release`, `reservations` and `whois`."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.command import Ended

    Run = Callable[..., Ended]


@pytest.fixture
def ports(run: Run, tmp_path: Path) -> Run:
    """Runs a command about ports on a database of its own."""
    return lambda *arguments: run("ports", *arguments, "--ports-db", f"{tmp_path}/ports.db")


class TestReserve:
    def test_prints_the_port_and_gives_it_again(self, ports: Run) -> None:
        first = ports("reserve", "--for", "/shop/web", "--range", "10000-10150")
        assert (first.status, first.err) == (0, "")
        assert re.fullmatch(r"10[01]\d\d\n", first.out)
        assert ports("reserve", "--for", "shop/web/:0").out == first.out

    def test_says_who_has_a_port(self, ports: Run) -> None:
        ports("reserve", "--for", "/a", "--port", "10001", "--by", "ann")
        refused = ports("reserve", "--for", "/b", "--port", "10001")
        assert (refused.status, refused.out) == (1, "")
        assert refused.err == (
            "lbgen: refused: port 10001 is reserved for /a:0 in external by ann until it is released\n"
        )

    def test_leaves_the_load_balancers_own_ports_alone(self, ports: Run) -> None:
        refused = ports("reserve", "--for", "/a", "--port", "9090")
        assert ports("reserve", "--for", "/quic", "--port", "443", "--protocol", "udp").out == "443\n"
        assert (refused.status, refused.err) == (
            1,
            "lbgen: refused: port 9090 is taken: it is the load balancer's own\n",
        )

    def test_tells_programs_everything(self, ports: Run) -> None:
        ended = ports("reserve", "--for", "/a:2", "--port", "10001", "--by", "me", "--note", "why", "--format", "json")
        told = json.loads(ended.out)
        assert told.pop("since") > 1_700_000_000
        assert told == {
            "port": 10001,
            "last_port": 10001,
            "address": "*",
            "protocol": "tcp",
            "scope": "external",
            "holder": "/a:2",
            "by": "me",
            "until": None,
            "note": "why",
        }

    def test_holds_a_whole_range(self, ports: Run) -> None:
        ended = ports("reserve", "--for", "/ftp", "--port", "10010-10019", "--by", "ann")
        assert (ended.status, ended.out) == (0, "10010-10019\n")
        assert ports("reserve", "--for", "/ftp", "--port", "10010-10019").out == "10010-10019\n"
        refused = ports("reserve", "--for", "/other", "--port", "10005-10010")
        assert (refused.status, refused.out) == (1, "")
        assert refused.err.startswith("lbgen: refused: port 10010 is reserved for /ftp:0 in external by ann until")
        assert ports("reserve", "--for", "/b", "--range", "10010-10020").out == "10020\n"
        own = ports("reserve", "--for", "/c", "--port", "9085-9095")
        assert own.err == "lbgen: refused: port 9090 is taken: it is the load balancer's own\n"
        assert ports("whois", "10015").out.splitlines()[1].split()[0] == "10010-10019"
        assert json.loads(ports("release", "--port", "10015", "--format", "json").out)[0]["last_port"] == 10019

    def test_gives_what_is_held_already_to_who_does_not_care(self, ports: Run) -> None:
        ports("reserve", "--for", "/a", "--port", "20000", "--address", "192.0.2.1", "--by", "ann")
        ports("reserve", "--for", "/ftp", "--port", "10010-10019")
        assert ports("reserve", "--for", "/a").out == "20000\n"
        assert ports("reserve", "--for", "/ftp", "--ttl", "1h").out == "10010-10019\n"
        refused = ports("reserve", "--for", "/a", "--range", "10000-10150")
        assert (refused.status, refused.out) == (1, "")
        held = "/a:0 has port 20000 on 192.0.2.1 already, until it releases it"
        assert refused.err == f"lbgen: refused: {held}\n  = help: release it, or reserve without naming a port\n"

    def test_takes_the_ports_that_the_settings_name(
        self, ports: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "lbgen.toml").write_text('service-ports = "12000-12001"\nlb-ports = [12000]\n')
        assert ports("reserve", "--for", "/a").out == "12001\n"
        assert ports("reserve", "--for", "/b", "--lb-ports", "80").out == "12000\n"

    def test_counts_what_files_claim_of_a_whole_range(self, ports: Run, tmp_path: Path) -> None:
        app = {"id": "/web", "cmd": "x", "portDefinitions": [{"port": 10003}], "labels": {"HAPROXY_GROUP": "external"}}
        (tmp_path / "app.json").write_text(json.dumps(app))
        refused = ports("reserve", "--for", "/a", "--port", "10001-10005", str(tmp_path / "app.json"))
        assert refused.err.startswith("lbgen: refused: port 10003 is taken: /web has it (the service port at index 0")

    def test_counts_other_groups_where_the_settings_have_them_on_the_same_machines(
        self, ports: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        app = {"id": "/web", "cmd": "x", "portDefinitions": [{"port": 10003}], "labels": {"HAPROXY_GROUP": "internal"}}
        (tmp_path / "app.json").write_text(json.dumps(app))
        (tmp_path / "lbgen.toml").write_text('shared-nodes = ["external, internal"]\n')
        refused = ports("reserve", "--for", "/a", "--port", "10003", "app.json")
        assert refused.err.startswith("lbgen: refused: port 10003 is taken: /web has it (the service port at index 0")
        (tmp_path / "lbgen.toml").write_text("")
        assert ports("reserve", "--for", "/a", "--port", "10003", "app.json").out == "10003\n"

    @pytest.mark.parametrize(
        ("ttl", "seconds"),
        [("90s", 90), ("30m", 1800), ("12h", 43200), ("7d", 604800), ("2w", 1209600), ("1d12h", 129600)],
    )
    def test_lasts_as_long_as_is_said(self, ports: Run, ttl: str, seconds: int) -> None:
        told = json.loads(ports("reserve", "--for", "/a", "--ttl", ttl, "--format", "json").out)
        assert told["until"] - told["since"] == seconds

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("--for", "/a", "--port", "2-1"), "is no range of ports"),
            (("--for", "/a", "--port", "1-65536"), "is no range of ports"),
            (("--for", "/a", "--ttl", "0s"), "is no duration"),
            (("--for", "/a", "--ttl", "1h-2"), "is no duration"),
            (("--for", "/a", "--ttl", "101w5300w"), "is no duration"),
            (("--for", "/"), "is no app, such as /shop/web"),
            (("--for", "/a", "--scope", "*"), "--scope is the name of one load-balancer group"),
            (("--for", "a b"), "is no app, such as /shop/web"),
            (("--for", "/a", "--port", "0"), "0 is not in the range 1<=x<=65535"),
            (("--for", "/a", "--ttl", "soon"), "is no duration, such as 90s"),
            (("--for", "/a", "--port", "1", "--range", "1-2"), "give one of them"),
            (("--for", "/a", "--address", "here"), '"here" is no address'),
            (("--for", "/a", "--note", "a\nb"), "no line of a file can hold"),
        ],
    )
    def test_takes_nothing_else(self, ports: Run, arguments: tuple[str, ...], message: str) -> None:
        ended = ports("reserve", *arguments)
        assert (ended.status, ended.out) == (2, "")
        assert message in ended.err


def test_what_is_held_is_listed_renewed_looked_up_and_released(ports: Run) -> None:
    ports("reserve", "--for", "/a", "--port", "10001", "--by", "me")
    ports("reserve", "--for", "/b:1", "--port", "10002", "--by", "you", "--address", "192.0.2.1", "--note", "TLS")

    listed = """\
PORT   PROTOCOL  ADDRESS    SCOPE     HOLDER  BY   UNTIL     NOTE
10001  tcp       *          external  /a:0    me   released
10002  tcp       192.0.2.1  external  /b:1    you  released  TLS
"""
    assert ports("reservations").out == listed
    assert [each["port"] for each in json.loads(ports("reservations", "--format", "json").out)] == [10001, 10002]
    assert ports("whois", "10002").out.splitlines()[1].split()[4] == "/b:1"
    renewed = json.loads(ports("renew", "--for", "/a", "--ttl", "1h", "--format", "json").out)
    assert renewed[0]["until"] - renewed[0]["since"] in range(3600, 3660)
    assert ports("release", "--port", "10002").status == 0
    assert [each["holder"] for each in json.loads(ports("reservations", "--format", "json").out)] == ["/a:0"]


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("release", "--for", "/a"), 1, "lbgen: nothing is held for /a:0 in external\n"),
        (("release", "--for", "/a", "--port", "1"), 1, "lbgen: nothing is held for /a:0 in external\n"),
        (("renew", "--port", "7", "--scope", "x"), 1, "lbgen: nobody holds port 7 in x\n"),
        (("release",), 2, "lbgen: error: say which reservation is meant: --for APP[:INDEX] or --port N\n"),
    ],
)
def test_nothing_is_held(ports: Run, tmp_path: Path, arguments: tuple[str, ...], status: int, told: str) -> None:
    ended = ports(*arguments)
    assert (ended.status, ended.out, ended.err) == (status, "", told)
    assert not (tmp_path / "ports.db").exists()


@pytest.mark.parametrize("command", ["release", "renew"])
def test_what_is_held_for_somebody_else_stays_his(ports: Run, command: str) -> None:
    ports("reserve", "--for", "/a", "--port", "10001-10005", "--by", "ann")
    told = "reserved for /a:0 in external by ann until it is released"
    ended = ports(command, "--for", "/b", "--port", "10003")
    assert (ended.status, ended.out, ended.err) == (1, "", f"lbgen: port 10003 is {told}, not for /b:0\n")
    ended = ports(command, "--for", "/a", "--scope", "internal")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == f"lbgen: nothing is held for /a:0 in internal; port 10001-10005 is {told}\n"
    assert ports("whois", "10003").status == 0


def test_looking_makes_no_database(ports: Run, tmp_path: Path) -> None:
    missing = f"lbgen: there is no {tmp_path}/ports.db yet: nothing is reserved\n"
    listed, asked = ports("reservations"), ports("whois", "10001", "--scope", "x")
    assert (listed.status, listed.out, listed.err) == (0, "", missing)
    assert (asked.status, asked.out, asked.err) == (1, "", f"{missing}lbgen: nobody holds port 10001 in x\n")
    assert not (tmp_path / "ports.db").exists()


def test_json_of_nothing_is_a_list(ports: Run) -> None:
    assert ports("reservations", "--format", "json").out == "[]\n"


def test_a_database_that_cannot_be_used_is_one_sentence(run: Run) -> None:
    ended = run("ports", "reservations", "--ports-db", "mysql://db/x")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == "lbgen: error: reservations are kept in SQLite or PostgreSQL, not in mysql\n"


@pytest.mark.parametrize(("begun", "expected"), [("/sh", ["/shop/api", "/shop/web"]), ("pay", ["pay"]), ("x", [])])
def test_shells_complete_the_ids_of_apps(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, begun: str, expected: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "apps.json").write_text('[{"id": "/shop/web"}, {"id": "/shop/api"}, {"id": "pay"}, 7]')
    (tmp_path / "broken.json").write_text("{")
    monkeypatch.setenv("_LBGEN_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", f"lbgen ports release --for {begun}")
    monkeypatch.setenv("COMP_CWORD", "4")
    assert [line.partition(",")[2] for line in run().out.splitlines() if line] == expected
