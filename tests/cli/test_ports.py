"""`lbgen ports list`, `free` and `check`, and what reservations mean to these and to `lbgen lint`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.console import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.command import Ended

    Run = Callable[..., Ended]


def app(app_id: str, port: int, **labels: str) -> dict[str, Any]:
    return {
        "id": app_id,
        "labels": {"HAPROXY_GROUP": "external", **labels},
        "portDefinitions": [{"port": port}],
        "instances": 1,
        "cmd": "run",
    }


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("LBGEN_PORTS_DB", raising=False)
    apps = [app("/shop/web", 10001), app("/shop/api", 10099, HAPROXY_0_PORT="10003")]
    (tmp_path / "apps.json").write_text(json.dumps(apps, indent=1))
    return tmp_path


class TestList:
    def test_says_who_has_which_port_and_why_and_where(self, run: Run) -> None:
        ended = run("ports", "list", "apps.json")
        assert (ended.status, ended.err) == (0, "")
        lines = ended.out.splitlines()
        assert lines[0].split() == ["PORT", "PROTOCOL", "ADDRESS", "SCOPE", "HOLDER", "WHY", "WHERE"]
        assert [line.split()[0] for line in lines[1:]] == ["80", "443", "9090", "9091", "10001", "10003"]
        assert lines[1].split("  ")[-2:] == ["a section of the load balancer's own", "haproxy.cfg:35"]
        assert "  /shop/web " in lines[5]
        assert lines[5].endswith("the service port at index 0           apps.json:9:13")
        assert lines[6].endswith("HAPROXY_0_PORT                        apps.json:19:22")

    def test_tells_programs_everything(self, run: Run) -> None:
        found = json.loads(run("ports", "list", "apps.json", "--format", "json").out)
        assert found[-1] == {
            "port": 10003,
            "last_port": 10003,
            "address": "*",
            "interface": None,
            "namespace": None,
            "protocol": "tcp",
            "scope": "external",
            "node": "group external",
            "holder": "/shop/api",
            "index": 0,
            "why": "HAPROXY_0_PORT",
            "binds": True,
            "file": "apps.json",
            "line": 19,
            "column": 22,
            "label": "HAPROXY_0_PORT",
        }

    def test_reads_other_files_too(self, run: Run, here: Path) -> None:
        (here / "my.cfg").write_text("frontend f\n  bind 10.0.0.1:8000-8010,unix@/run/x\n")
        (here / "ss.txt").write_text('udp UNCONN 0 0 127.0.0.1:53 0.0.0.0:* users:(("dns",pid=1,fd=2))\n')
        rows = json.loads(run("ports", "list", "my.cfg", "--listening", "ss.txt", "--format", "json").out)
        assert [(row["port"], row["last_port"], row["address"], row["protocol"], row["holder"]) for row in rows] == [
            (53, 53, "127.0.0.1", "udp", "dns"),
            (8000, 8010, "10.0.0.1", "tcp", "frontend f"),
            (None, None, "unix@/run/x", "tcp", "frontend f"),
        ]

    def test_shows_what_is_reserved(self, run: Run) -> None:
        run("ports", "reserve", "--for", "/team", "--port", "10002", "--by", "ann", "--ports-db", "p.db")
        ended = run("ports", "list", "apps.json", "--ports-db", "p.db")
        assert "10002  tcp       *        external  /team:0 " in ended.out
        assert "reserved by ann until it is released" in ended.out
        internal = run("ports", "list", "apps.json", "--ports-db", "p.db", "--group", "internal")
        assert "/team:0" not in internal.out

    def test_has_no_control_characters_of_others(self, run: Run, here: Path) -> None:
        (here / "bad.json").write_text(json.dumps(app("/x", 10001, HAPROXY_0_BIND_ADDR="a\u001b[1mb")))
        assert "\x1b" not in run("ports", "list", "bad.json").out

    def test_what_cannot_be_read_is_told(self, run: Run, here: Path) -> None:
        (here / "broken.json").write_text("{")
        ended = run("ports", "list", "apps.json", "broken.json")
        assert ended.status == 1
        assert "broken.json:1:2: error[invalid-json]" in ended.err
        assert "/shop/web" in ended.out
        assert run("ports", "list", "nowhere.json").status == 2

    def test_does_not_depend_on_the_order_of_files(self, run: Run, here: Path) -> None:
        (here / "more.json").write_text(json.dumps(app("/a", 10001)))
        assert run("ports", "list", "more.json", "apps.json").out == run("ports", "list", "apps.json", "more.json").out


class TestLive:
    @pytest.fixture
    def ss(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
        def becomes(text: str) -> None:
            (here / "bin").mkdir()
            (here / "bin/ss").write_text(f"#!/bin/sh\n{text}\n")
            (here / "bin/ss").chmod(0o755)
            monkeypatch.setenv("PATH", f"{here}/bin:/bin:/usr/bin")

        return becomes

    def test_this_machine_is_asked(self, run: Run, ss: Callable[[str], None]) -> None:
        line = 'tcp LISTEN 0 9 0.0.0.0:10001 0.0.0.0:* users:(("node",pid=1,fd=2))'
        ss(f"[ \"$1\" = -Hlntup ] && echo '{line}'")
        assert "10001 is held by node" in run("ports", "check", "apps.json", "--live", "--select", "LBG208").out
        assert "node  " in run("ports", "list", "apps.json", "--live").out
        assert "node has it" in run("ports", "reserve", "--for", "/a", "--port", "10001", "--live").err

    def test_who_cannot_be_asked_is_one_sentence(
        self, run: Run, ss: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ss("echo no rights >&2; exit 1")
        ended = run("ports", "list", "apps.json", "--live")
        assert (ended.status, ended.err) == (2, "lbgen: error: ss fails: no rights\n")
        monkeypatch.setenv("PATH", "/nowhere")
        ended = run("lint", "apps.json", "--live")
        assert ended.status == 2
        assert ended.err.startswith("lbgen: error: --live asks ss, which is not there")


class TestFree:
    def test_prints_ports_that_nobody_has(self, run: Run) -> None:
        run("ports", "reserve", "--for", "/team", "--port", "10002", "--ports-db", "p.db")
        ended = run("ports", "free", "apps.json", "--count", "3", "--ports-db", "p.db")
        assert (ended.out, ended.err, ended.status) == ("10000\n10004\n10005\n", "", 0)

    def test_of_a_range(self, run: Run) -> None:
        ended = run("ports", "free", "apps.json", "--range", "10001-10004", "--format", "json")
        assert json.loads(ended.out) == [10002, 10004]

    def test_says_when_there_are_fewer(self, run: Run) -> None:
        ended = run("ports", "free", "apps.json", "--range", "10000-10003", "--count", "3")
        assert (ended.out, ended.status) == ("10000\n10002\n", 1)
        assert ended.err == "lbgen: only 2 ports are free between 10000 and 10003\n"
        ended = run("ports", "free", "apps.json", "--range", "10001-10001")
        assert (ended.out, ended.status) == ("", 1)
        assert ended.err == "lbgen: no port is free between 10001 and 10001\n"


class TestCheck:
    def rules(self, ended: Ended) -> set[str]:
        return {each["rule"] for each in json.loads(ended.out)["findings"]}

    @pytest.fixture
    def clashing(self, here: Path) -> str:
        apps = [app("/a", 10001), app("/b", 10001, HAPROXY_0_MODE="nonsense"), app("/c", 9090, HAPROXY_0_VHOST="a b")]
        (here / "clash.json").write_text(json.dumps(apps))
        return "clash.json"

    def test_is_lint_of_ports_alone(self, run: Run, clashing: str) -> None:
        every = self.rules(run("lint", clashing, "--format", "json"))
        ended = run("ports", "check", clashing, "--format", "json")
        assert ended.status == 1
        assert self.rules(ended) == {"port-clash", "port-clash-reserved"}
        assert every > self.rules(ended)

    def test_takes_lints_options_and_settings(self, run: Run, clashing: str, here: Path) -> None:
        (here / "lbgen.toml").write_text('[lint]\nignore = ["LBG202"]\n')
        assert self.rules(run("ports", "check", clashing, "--format", "json")) == {"port-clash"}
        only = run("ports", "check", clashing, "--select", "LBG201,LBG1", "--format", "json")
        assert self.rules(only) == {"port-clash"}
        assert run("ports", "check", clashing, "--exit-zero").status == 0
        assert run("ports", "check").status == 2

    def test_what_cannot_be_read_is_told(self, run: Run, here: Path) -> None:
        (here / "broken.json").write_text("{")
        assert self.rules(run("ports", "check", "broken.json", "--format", "json")) == {"invalid-json"}

    def test_is_content_with_what_is_fine(self, run: Run) -> None:
        assert run("ports", "check", "apps.json").status == 0


class TestReservations:
    @pytest.fixture(autouse=True)
    def held(self, run: Run) -> None:
        run("ports", "reserve", "--for", "/team", "--port", "10001", "--by", "ann", "--ports-db", "sqlite:///p.db")

    @pytest.mark.parametrize("command", [("lint",), ("ports", "check")])
    def test_a_deployment_on_one_of_others_is_an_error(self, run: Run, command: tuple[str, ...]) -> None:
        ended = run(*command, "apps.json", "--ports-db", "sqlite:///p.db", "--select", "LBG205")
        assert ended.status == 1
        first = "apps.json:9:13: error[port-reserved] LBG205 port 10001 is reserved for /team:0 in external"
        assert ended.out.startswith(f"{first} by ann until it is released\n")
        assert "= help: lbgen ports whois 10001 --scope external tells more, " in ended.out

    def test_from_app_leaves_such_a_deployment_out(self, run: Run) -> None:
        ended = run("haproxy", "from-app", "apps.json", "--ports-db", "p.db")
        assert ended.status == 1
        assert ended.err.startswith("apps.json:9:13: error[port-reserved] LBG205 port 10001 is reserved for /team:0")
        assert ended.err.endswith("lbgen: /shop/web is left out; 1 app is served\n")
        assert "bind *:10003\n" in ended.out
        assert ":10001\n" not in ended.out

    def test_from_app_goes_on_serving_what_runs(self, run: Run, here: Path) -> None:
        task = {"id": "web.1", "host": "10.0.0.1", "ports": [31000], "state": "TASK_RUNNING"}
        (here / "reply.json").write_text(json.dumps({"apps": [app("/shop/web", 10001) | {"tasks": [task]}]}))
        ended = run("haproxy", "from-app", "reply.json", "--ports-db", "p.db")
        assert ended.status == 1
        assert "error[port-reserved]" in ended.err
        assert "bind *:10001\n" in ended.out

    def test_from_app_plans_ports_around_them(self, run: Run, here: Path) -> None:
        (here / "new.json").write_text(json.dumps([app("/new", 0), app("/mine", 0), app("/blue", 0)]))
        free = ("haproxy", "from-app", "new.json", "--service-ports", "10000-10003", "--ports-db", "p.db")
        run("ports", "reserve", "--for", "/mine", "--port", "10003", "--ports-db", "p.db")
        run("ports", "reserve", "--for", "/team:1", "--port", "10000", "--ports-db", "p.db")
        ended = run(*free)
        assert ended.status == 1
        assert "no service port is free between 10000 and 10003" in ended.err
        assert "/blue 10002, /mine 10003" in ended.err

    def test_a_port_is_planned_that_would_be_reserved(self, run: Run, here: Path) -> None:
        (here / "new.json").write_text(json.dumps(app("/new", 0)))
        port = run("ports", "reserve", "--for", "/new", "--ports-db", "other.db").out
        assert f"bind *:{port}" in run("haproxy", "from-app", "new.json").out

    def test_the_environment_and_the_settings_name_the_database(
        self, run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert run("ports", "check", "apps.json").status == 0
        (here / "lbgen.toml").write_text('ports-db = "p.db"\n')
        (here / "below").mkdir()
        monkeypatch.chdir(here / "below")
        assert run("ports", "check", "../apps.json").status == 1
        assert run("ports", "check", "../apps.json", "--isolated").status == 0
        assert "/team:0" in run("ports", "reservations").out
        monkeypatch.setenv("LBGEN_PORTS_DB", "other.db")
        assert run("ports", "check", "../apps.json").status == 0

    def test_the_usual_database_counts_where_there_is_one(self, run: Run, here: Path) -> None:
        run("ports", "reserve", "--for", "/team", "--port", "10003")
        assert "for /team:0" in run("ports", "check", "apps.json", "--format", "concise").out
        assert (here / "state/lbgen/ports.db").exists()

    def test_none_is_made_by_looking(self, run: Run, here: Path) -> None:
        ended = run("lint", "apps.json", "--ports-db", "sqlite:///none.db")
        assert ended.err.startswith("lbgen: there is no sqlite:///none.db yet: nothing is reserved\n")
        assert not (here / "none.db").exists()
        (here / "empty.db").touch()
        assert run("ports", "check", "apps.json", "--ports-db", "empty.db").status == 0
        assert (here / "empty.db").stat().st_size == 0
        assert not (here / "state").exists()

    def test_a_database_that_is_none_is_one_sentence(self, run: Run, here: Path) -> None:
        (here / "text.db").write_text("this is no database" * 100)
        ended = run("ports", "check", "apps.json", "--ports-db", "text.db")
        assert ended.status == 2
        assert "cannot be used: file is not a database" in ended.err

    def test_advice_and_free_ports_leave_reserved_ones_out(self, run: Run, here: Path) -> None:
        (here / "clash.json").write_text(json.dumps([app("/a", 10005), app("/b", 10005)]))
        run("ports", "reserve", "--for", "/team:1", "--port", "10000", "--ports-db", "p.db")
        assert "10002 is free" in run("ports", "check", "clash.json", "--ports-db", "p.db").out


class TestReserveBesideFiles:
    def test_what_they_claim_is_taken_and_it_is_said_who_has_it(self, run: Run) -> None:
        ended = run("ports", "reserve", "--for", "/new", "--port", "10001", "apps.json")
        assert (ended.status, ended.out) == (1, "")
        said = "port 10001 is taken: /shop/web has it (the service port at index 0, apps.json:9:13)"
        assert ended.err == f"lbgen: refused: {said}\n"
        assert run("ports", "reserve", "--for", "/new", "--range", "10001-10003", "apps.json").out == "10002\n"

    def test_an_app_may_have_its_own_port(self, run: Run) -> None:
        assert run("ports", "reserve", "--for", "/shop/api", "apps.json").out == "10003\n"
        assert run("ports", "reserve", "--for", "/shop/api:1", "--port", "10003", "apps.json").status == 1

    def test_other_groups_and_addresses_are_no_matter(self, run: Run, here: Path) -> None:
        other = app("/x", 10001, HAPROXY_GROUP="internal")
        bound = app("/y", 10002, HAPROXY_0_BIND_ADDR="10.0.0.1")
        (here / "others.json").write_text(json.dumps([other, bound]))
        assert run("ports", "reserve", "--for", "/a", "--port", "10001", "others.json").status == 0
        reserve = ("ports", "reserve", "--for", "/b", "--port", "10002", "others.json", "--address")
        assert run(*reserve, "*").status == 1
        assert run(*reserve, "10.0.0.2").status == 0

    def test_files_of_others_count_whole(self, run: Run, here: Path) -> None:
        (here / "my.cfg").write_text("frontend f\n  bind :10000-10002\n")
        assert run("ports", "reserve", "--for", "/a", "--range", "10000-10003", "my.cfg").out == "10003\n"

    def test_who_listens_now_counts(self, run: Run, here: Path) -> None:
        (here / "ss.txt").write_text('tcp LISTEN 0 9 0.0.0.0:10001 0.0.0.0:* users:(("node",pid=1,fd=2))\n')
        ended = run("ports", "reserve", "--for", "/a", "--port", "10001", "--listening", "ss.txt")
        assert ended.err == "lbgen: refused: port 10001 is taken: node has it (listens now, ss.txt:1:1)\n"

    def test_nothing_is_reserved_where_a_file_cannot_be_read(self, run: Run, here: Path) -> None:
        (here / "broken.json").write_text("{")
        for name in ("broken.json", "nowhere.json"):
            ended = run("ports", "reserve", "--for", "/a", "--port", "10005", "apps.json", name)
            assert (ended.status, ended.out) == (2, "")
        assert run("ports", "reservations").out == ""


class TestPools:
    @pytest.fixture
    def pool(self, here: Path) -> str:
        frontends = [
            {"bindPort": port, "protocol": "TCP", "linkBackend": {"defaultBackend": "shop"}} for port in (8080, 0, 0)
        ]
        services = [{"marathon": {"serviceID": "/shop/web"}, "endpoint": {"portName": "web"}}]
        backends = [{"name": "shop", "protocol": "TCP", "services": services}]
        haproxy = {"frontends": frontends, "backends": backends, "stats": {"bindPort": 9099}}
        (here / "pool.json").write_text(json.dumps({"apiVersion": "V2", "name": "edge", "haproxy": haproxy}))
        return "pool.json"

    def hold(self, run: Run, holder: str, port: int) -> None:
        reserve = ("ports", "reserve", "--for", holder, "--port", port, "--scope", "edge", "--ports-db", "p.db")
        assert run(*reserve).status == 0

    def test_is_left_out_on_a_port_of_somebody_else(self, run: Run, pool: str) -> None:
        self.hold(run, "/team", 8080)
        ended = run("haproxy", "from-pool", pool, "--ports-db", "p.db")
        assert (ended.status, ended.out) == (2, "")
        assert "error[port-reserved] LBG205 port 8080 is reserved for /team:0 in edge" in ended.err

    def test_may_use_what_is_held_for_its_apps_and_for_itself(self, run: Run, pool: str) -> None:
        self.hold(run, "/shop/web", 8080)
        self.hold(run, "edge:9", 9099)
        assert run("haproxy", "from-pool", pool, "--ports-db", "p.db").status == 0

    def test_gets_ports_at_run_time_that_are_held_for_it_or_for_nobody(self, run: Run, pool: str) -> None:
        self.hold(run, "edge:2", 1026)
        self.hold(run, "/team", 1025)
        options = ("--dynamic-ports", "1025-1027", "--ports-db", "p.db")
        ended = run("haproxy", "from-pool", pool, *options)
        assert "bind 0.0.0.0:1026" in ended.out
        assert "bind 0.0.0.0:1027" in ended.out


class TestAutoPools:
    @pytest.fixture
    def apps(self, here: Path) -> str:
        """Two apps, of which the second one can be had on two ports."""
        web = {"edgelb.expose": "true", "edgelb.web.frontend.port": "8080", "edgelb.web.frontend.protocol": "TCP"}
        api = {"edgelb.expose": "true"}
        for group, port in (("a", 8081), ("b", 8082)):
            api |= {f"edgelb.{group}.frontend.port": str(port), f"edgelb.{group}.frontend.protocol": "TCP"}
        made = [{**app("/web", 0), "labels": web}, {**app("/api", 0), "labels": api}]
        (here / "auto.json").write_text(json.dumps(made))
        return "auto.json"

    def hold(self, run: Run, holder: str, port: str) -> None:
        reserve = ("ports", "reserve", "--for", holder, "--port", port, "--by", "ann", "--scope", "auto-default")
        assert run(*reserve, "--ports-db", "p.db").status == 0

    def generate(self, run: Run, apps: str) -> Ended:
        return run("haproxy", "from-app", "--auto-pools", apps, "--ports-db", "p.db")

    def test_leave_out_who_is_on_a_port_of_somebody_else(self, run: Run, apps: str) -> None:
        self.hold(run, "/team", "8082-8090")
        ended = self.generate(run, apps)
        assert ended.status == 1
        reserved = "port 8082-8090 is reserved for /team:0 in auto-default by ann until it is released"
        assert f"error[port-reserved] LBG205 {reserved}" in ended.err
        assert "edgelb.b.frontend.port" in ended.err
        assert "bind 0.0.0.0:8080\n" in ended.out
        assert "bind 0.0.0.0:8081\n" in ended.out
        assert "8082" not in ended.out

    def test_may_use_what_is_held_for_their_apps_and_for_the_pool(self, run: Run, apps: str) -> None:
        self.hold(run, "/web", "8080")
        self.hold(run, "/api:1", "8081")
        self.hold(run, "auto-default", "8082")
        assert self.generate(run, apps).status == 0

    def test_go_on_serving_what_runs(self, run: Run, here: Path) -> None:
        labels = {"edgelb.expose": "true", "edgelb.web.frontend.port": "8080", "edgelb.web.frontend.protocol": "TCP"}
        task = {"id": "web.1", "host": "10.0.0.1", "ports": [31000], "state": "TASK_RUNNING"}
        reply = {"apps": [{**app("/web", 10001), "labels": labels, "tasks": [task]}]}
        (here / "reply.json").write_text(json.dumps(reply))
        self.hold(run, "/team", "8080")
        ended = self.generate(run, "reply.json")
        assert ended.status == 1
        assert "error[port-reserved] LBG205 port 8080 is reserved for /team:0" in ended.err
        assert "bind 0.0.0.0:8080\n" in ended.out

    def test_get_statistics_on_a_port_that_nobody_holds(self, run: Run, apps: str) -> None:
        free = self.generate(run, apps).out
        port = re.search(r"listen stats\n(?:.*\n)*?\s+bind 0\.0\.0\.0:(\d+)", free)
        assert port is not None
        self.hold(run, "/team", port[1])
        ended = self.generate(run, apps)
        assert (ended.status, f":{port[1]}\n" in ended.out) == (0, False)


@pytest.mark.parametrize("command", [("lint",), ("ports", "check"), ("ports", "list"), ("haproxy", "from-app")])
def test_without_a_database_nobody_waits_for_one(command: tuple[str, ...]) -> None:
    code = (
        "import sys\nfrom lbgen.cli import main\n"
        f"sys.argv = ['lbgen', *{command!r}, 'apps.json']\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    print(ended.code, 'sqlalchemy' in sys.modules)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)}
    )
    assert ended.stdout.endswith(("0 False\n", "1 False\n")), ended.stderr
