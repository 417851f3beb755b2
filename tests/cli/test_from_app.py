"""`lbgen haproxy from-app`: what it prints, where, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.edgelb.pools import pool
from tests.pipeline.files import GOOD, GROUP, put

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.command import Ended

SAID = Path(__file__).parent / "said"
EXAMPLES = Path(__file__).parents[2] / "examples"
KUBECTL = EXAMPLES / "kubectl-proxy.json"
BAD = GOOD | {"id": "/bad", "labels": GROUP | {"HAPROXY_0_PORT": "https"}}


def said(name: str) -> str:
    """What a command is known to print."""
    return (SAID / name).read_text()


class TestOutput:
    @pytest.mark.parametrize("dialect", ["portable", "marathon-lb"])
    def test_of_the_example_is_known(self, run: Callable[..., Ended], dialect: str) -> None:
        ended = run("haproxy", "from-app", KUBECTL, "--dialect", dialect)
        assert ended.out == said(f"kubectl-proxy.{dialect}.cfg")
        assert ended.err == said("kubectl-proxy.err")
        assert ended.status == 0

    def test_with_annotations_names_app_and_label(self, run: Callable[..., Ended]) -> None:
        ended = run("haproxy", "from-app", "-q", "--annotate", KUBECTL)
        mine = [line for line in ended.out.splitlines() if "# lbgen:" in line]
        assert mine == said("kubectl-proxy.annotated").splitlines()
        assert (ended.err, ended.status) == ("", 0)

    def test_to_a_file_prints_nothing(self, run: Callable[..., Ended], tmp_path: Path) -> None:
        ended = run("haproxy", "from-app", "-q", KUBECTL, "-o", "haproxy.cfg")
        assert ended == ("", "", 0)
        assert (tmp_path / "haproxy.cfg").read_text() == said("kubectl-proxy.portable.cfg")

    def test_has_its_maps_beside_it(self, run: Callable[..., Ended], tmp_path: Path) -> None:
        put(tmp_path / "app.json", GOOD | {"labels": GROUP | {"HAPROXY_0_VHOST": "a.x"}})
        (tmp_path / "out").mkdir()
        assert run("haproxy", "from-app", "app.json", "--haproxy-map", "-o", "out/haproxy.cfg").status == 0
        written = {path.name: path.read_text() for path in (tmp_path / "out").iterdir()}
        assert written.keys() == {"haproxy.cfg", "domain2backend.map", "app2backend.map"}
        assert written["domain2backend.map"] == "a.x good_20000\n"
        assert "map(/etc/haproxy/domain2backend.map" in written["haproxy.cfg"]

    def test_says_where_the_maps_are_not(self, run: Callable[..., Ended], tmp_path: Path) -> None:
        put(tmp_path / "app.json", GOOD)
        ended = run("haproxy", "from-app", "app.json", "--haproxy-map")
        assert ended.err == "lbgen: the map files are written with -o only, beside the configuration\n"
        assert ended.status == 0


class TestEnding:
    """The last sentence tells what happened, unless all is well and the result itself tells it."""

    def last(self, ended: Ended) -> str:
        return ended.err.splitlines()[-1]

    def test_names_who_is_left_out_and_what_is_written(self, run: Callable[..., Ended], tmp_path: Path) -> None:
        put(tmp_path / "apps.json", [BAD, GOOD])
        put(tmp_path / "broken.json", "{")
        ended = run("haproxy", "from-app", "apps.json", "broken.json", "-q", "-o", "haproxy.cfg")
        sentence = "lbgen: broken.json and /bad are left out; 1 app is served; haproxy.cfg is written"
        assert (self.last(ended), ended.status) == (sentence, 1)

    def test_names_a_few_of_many(self, run: Callable[..., Ended], tmp_path: Path) -> None:
        put(tmp_path / "apps.json", [GOOD, *({**BAD, "id": f"/bad{number}"} for number in range(9))])
        ended = run("haproxy", "from-app", "apps.json")
        assert self.last(ended) == "lbgen: /bad0, /bad1, /bad2, /bad3 and 5 more are left out; 1 app is served"

    def test_says_that_nothing_is_written(self, run: Callable[..., Ended], tmp_path: Path) -> None:
        put(tmp_path / "app.json", BAD)
        ended = run("haproxy", "from-app", "app.json", "-o", "haproxy.cfg")
        assert self.last(ended) == "lbgen: /bad is left out; nothing is written to haproxy.cfg"
        assert self.last(run("haproxy", "from-app", "app.json")) == "lbgen: /bad is left out; nothing is written"

    def test_of_a_file_is_said_where_all_is_well(self, run: Callable[..., Ended], tmp_path: Path) -> None:
        put(tmp_path / "apps.json", [GOOD, {**GOOD, "id": "/other", "ports": [20001]}])
        ended = run("haproxy", "from-app", "apps.json", "-o", "haproxy.cfg")
        assert ended == ("", "lbgen: 2 apps are served; haproxy.cfg is written\n", 0)
        assert run("haproxy", "from-app", "apps.json").err == ""

    def test_tells_of_pools(self, run: Callable[..., Ended], tmp_path: Path) -> None:
        put(tmp_path / "pools.json", [pool(name="p"), pool(name="p"), {}])
        ended = run("haproxy", "from-pool", "pools.json", "-o", "out/")
        assert self.last(ended) == "lbgen: 2 unusable pools are left out; 1 pool is written to out/"
        assert run("haproxy", "from-pool", "pools.json", "-o", "out/", "-q").status == 1


class TestStatus:
    def test_is_1_where_an_app_is_left_out(self, run: Callable[..., Ended], tmp_path: Path) -> None:
        put(tmp_path / "apps.json", [BAD, GOOD])
        ended = run("haproxy", "from-app", "apps.json")
        assert ended.status == 1
        assert "backend good_20000" in ended.out
        assert "bad" not in ended.out
        assert ended.err == said("left-out.err")

    def test_is_2_where_nothing_is_generated(self, run: Callable[..., Ended], tmp_path: Path) -> None:
        put(tmp_path / "app.json", BAD)
        ended = run("haproxy", "from-app", "app.json", "-o", "haproxy.cfg")
        assert (ended.out, ended.status) == ("", 2)
        assert not (tmp_path / "haproxy.cfg").exists()

    def test_is_2_and_the_old_file_stays(self, run: Callable[..., Ended], tmp_path: Path) -> None:
        put(tmp_path / "app.json", "{")
        (tmp_path / "haproxy.cfg").write_text("good\n")
        assert run("haproxy", "from-app", "app.json", "-o", "haproxy.cfg").status == 2
        assert (tmp_path / "haproxy.cfg").read_text() == "good\n"

    def test_is_0_with_warnings(self, run: Callable[..., Ended], tmp_path: Path) -> None:
        put(tmp_path / "app.json", GOOD | {"labels": GROUP | {"HAPROXY_0_VHOTS": "a.x"}})
        ended = run("haproxy", "from-app", "app.json")
        assert "warning[label-unknown]" in ended.err
        assert ended.status == 0

    def test_is_2_where_the_file_cannot_be_written(self, run: Callable[..., Ended]) -> None:
        ended = run("haproxy", "from-app", "-q", KUBECTL, "-o", "none/haproxy.cfg")
        assert ended.status == 2
        assert ended.err.startswith("lbgen: error: cannot write ")
        assert ended.err.endswith(": No such file or directory\n")


USAGE: dict[str, tuple[list[str], str]] = {
    "no file": ([], "Error: Missing argument 'FILE...'."),
    "an unknown option": (["--grup", "x"], "Error: No such option '--grup'. Did you mean '--group'?"),
    "an unknown dialect": (
        ["x", "--dialect", "nginx"],
        "Error: Invalid value for '--dialect': 'nginx' is not one of 'portable', 'marathon-lb', 'edge-lb'.",
    ),
    "an unknown target": (
        ["x", "--target", "1.8"],
        "Error: Invalid value for '--target': '1.8' is no version of HAProxy that lbgen knows: 2.2 to 3.4",
    ),
    "no range": (
        ["x", "--service-ports", "9-1"],
        "Error: Invalid value for '--service-ports': '9-1' is no range of ports, such as 10000-10150",
    ),
    "no ports": (
        ["x", "--lb-ports", "http"],
        "Error: Invalid value for '--lb-ports': 'http' is no list of ports, such as 80,443",
    ),
    "half a range": (
        ["x", "--min-serv-port-ip-per-task", "0"],
        (
            "lbgen: error: --min-serv-port-ip-per-task 0 --max-serv-port-ip-per-task 10100"
            " needs the lower port first, or 0 for both"
        ),
    ),
    "a binary that nobody asks": (
        ["x", "--haproxy-bin", "haproxy"],
        "lbgen: error: --haproxy-bin goes with --check binary or auto, not with --check none",
    ),
    "an image that nobody asks": (
        ["x", "--check", "binary", "--image", "haproxy"],
        "lbgen: error: --image goes with --check container or auto, not with --check binary",
    ),
    "a line break in a path": (
        ["x", "--stats-socket", "/s\n  daemon"],
        "lbgen: error: --stats-socket: holds the character U+000A, which no line of a file can hold",
    ),
    "a path that no map can have": (
        ["x", "--haproxy-config", "/a b/haproxy.cfg"],
        "lbgen: error: --haproxy-config: a path with ' ' cannot be written where maps are read",
    ),
    "no directory": (["x", "--templates", "none"], "lbgen: error: --templates: none is no directory"),
    "no hosts": (["x", "--hosts", "none.json"], "lbgen: error: none.json: there is no such file"),
}


@pytest.mark.parametrize(("arguments", "sentence"), USAGE.values(), ids=USAGE)
def test_mistakes_in_the_command_are_told(run: Callable[..., Ended], arguments: list[str], sentence: str) -> None:
    ended = run("haproxy", "from-app", *arguments)
    assert ended.out == ""
    assert ended.err.splitlines()[-1] == sentence
    assert ended.status == 2


class TestInputs:
    def test_may_come_from_standard_input(self, run: Callable[..., Ended]) -> None:
        ended = run("haproxy", "from-app", "-", stdin=json.dumps(GOOD).encode())
        assert "backend good_20000" in ended.out
        assert (ended.err, ended.status) == ("", 0)

    def test_from_standard_input_are_called_what_is_said(self, run: Callable[..., Ended]) -> None:
        assert run("haproxy", "from-app", "-", stdin=b"{").err.startswith("<stdin>:1:2: error[invalid-json]")
        named = run("haproxy", "from-app", "-", "--stdin-filename", "app.json", stdin=b"{")
        assert named.err.startswith("app.json:1:2: error[invalid-json]")

    def test_may_come_with_tasks_and_hosts(self, run: Callable[..., Ended], tmp_path: Path) -> None:
        put(tmp_path / "app.json", {"id": "/good", "portDefinitions": [{"port": 20000}], "labels": GROUP})
        put(tmp_path / "tasks.json", [{"appId": "/good", "host": "agent1", "ports": [31005]}])
        put(tmp_path / "hosts.json", {"agent1": "10.1.1.1"})
        ended = run("haproxy", "from-app", "app.json", "--tasks", "tasks.json", "--hosts", "hosts.json")
        assert "server agent1_10_1_1_1_31005 10.1.1.1:31005" in ended.out
        assert (ended.err, ended.status) == ("", 0)

    def test_tasks_that_cannot_be_read_are_told_with_their_place(
        self, run: Callable[..., Ended], tmp_path: Path
    ) -> None:
        put(tmp_path / "tasks.json", '{"tasks": [}')
        ended = run("haproxy", "from-app", KUBECTL, "--tasks", "tasks.json")
        assert ended.out == ""
        assert ended.err.startswith("lbgen: error: tasks.json:1:12: expected ")
        assert ended.status == 2

    def test_of_the_product_are_found_where_it_looks(
        self, run: Callable[..., Ended], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "templates").mkdir()
        put(tmp_path / "templates" / "HAPROXY_BACKEND_HEAD", "backend {backend}\n  # from the directory\n")
        put(tmp_path / "app.json", GOOD)
        monkeypatch.setenv("HAPROXY_FRONTEND_BACKEND_GLUE", "  # from the environment\\n")
        out = run("haproxy", "from-app", "app.json").out
        assert "backend good_20000\n  # from the directory\n" in out
        assert "  mode tcp\n  # from the environment\n" in out


class TestQuiet:
    def test_leaves_out_what_is_for_information_only(self, run: Callable[..., Ended], tmp_path: Path) -> None:
        put(tmp_path / "apps.json", [BAD, {"id": "/new", "labels": GROUP}])
        err = run("haproxy", "from-app", "-q", "apps.json").err
        assert "info[" not in err
        assert "error[bad-label-value]" in err


class TestVerbose:
    def test_tells_all_that_is_counted_otherwise(self, run: Callable[..., Ended], tmp_path: Path) -> None:
        apps = [GOOD | {"id": f"/{number}", "ports": [20001 + number], "tasks": []} for number in range(9)]
        put(tmp_path / "apps.json", [GOOD, *apps])
        err = run("haproxy", "from-app", "apps.json").err
        assert err.count("info[no-server]") == 6
        assert "info[no-server] LBG854 and 4 more of this kind; --verbose shows all" in err
        assert (
            run("haproxy", "from-app", "-v", "apps.json").err.count("info[no-server] LBG854 no task serves port") == 9
        )


OPTIONS: dict[str, tuple[list[str], str, bool]] = {
    "--group": (["--group", "internal", "--group", "x"], "backend in_20001", True),
    "--group *": (["--group", "*"], "backend in_20001", True),
    "--strict-mode": (["--strict-mode"], "backend good_20000", False),
    "--dont-bind-http-https": (["--dont-bind-http-https"], "frontend marathon_http_in", False),
    "--group-https-by-vhost": (["--group-https-by-vhost"], "frontend a_x_in", True),
    "--ssl-certs": (["--ssl-certs", "/a.pem,/b.pem"], "bind *:443 ssl crt /a.pem crt /b.pem", True),
    "--lua-dir": (["--lua-dir", "/lua"], "lua-load /lua/getpids.lua", True),
    "--stats-socket": (["--stats-socket", "/s"], "stats socket /s", True),
    "--stats-socket with a blank": (
        ["--stats-socket", "/s t"],
        "stats socket '/s t' mode 600 level admin expose-fd",
        True,
    ),
    "--lua-dir with a blank": (["--lua-dir", "/a b"], "lua-load '/a b'/getpids.lua", True),
    "--ssl-certs with a comma too many": (["--ssl-certs", "/a b, c.pem,"], "ssl crt '/a b' crt c.pem\n", True),
    "--haproxy-config without a directory": (
        ["--haproxy-map", "--haproxy-config", "h.cfg"],
        "map(./domain2backend.map",
        True,
    ),
    "--haproxy-config as in Marathon-LB": (
        ["--haproxy-map", "--haproxy-config", "h.cfg", "--dialect", "marathon-lb"],
        "map(/domain2backend.map",
        True,
    ),
    "--haproxy-config": (["--haproxy-map", "--haproxy-config", "/x/h.cfg"], "map(/x/domain2backend.map", True),
}


@pytest.mark.parametrize(("arguments", "line", "there"), OPTIONS.values(), ids=OPTIONS)
def test_options(run: Callable[..., Ended], tmp_path: Path, arguments: list[str], line: str, there: bool) -> None:
    inside: dict[str, Any] = GOOD | {"id": "/in", "ports": [20001], "labels": {"HAPROXY_GROUP": "internal"}}
    put(tmp_path / "apps.json", [GOOD | {"labels": GROUP | {"HAPROXY_0_VHOST": "a.x"}}, inside])
    before = run("haproxy", "from-app", "apps.json").out
    assert (line in before) is not there
    assert (line in run("haproxy", "from-app", "apps.json", *arguments).out) is there


@pytest.mark.parametrize("name", ["kubectl-proxy", "kubectl-proxy-verify", "kubeapi-proxy"])
def test_every_example_is_served(run: Callable[..., Ended], name: str) -> None:
    ended = run("haproxy", "from-app", "-q", EXAMPLES / f"{name}.json")
    assert (ended.err, ended.status) == ("", 0)
