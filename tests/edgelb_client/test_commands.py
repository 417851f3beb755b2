"""What the commands ask for, what they print, and how they end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.edgelb_client.pools import V1, V2

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.command import Ended
    from tests.edgelb_client.scripted import Scripted

    Run = Callable[..., Ended]


def written(path: Path, value: Any) -> Path:
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return path


class TestSending:
    @pytest.mark.parametrize(("pool", "pools"), [(V2, "/v2/pools"), (V1, "/v1/loadbalancers")], ids=["V2", "V1"])
    def test_each_version_goes_its_way(
        self, edgelb: Run, server: Scripted, tmp_path: Path, pool: Any, pools: str
    ) -> None:
        creates, updates = f"POST {pools}", f"PUT {pools}/web"
        server.says(creates, pool)
        server.says(updates, pool)
        file = written(tmp_path / "pool.json", pool)
        where = '"lbgen edgelb show web" or "lbgen edgelb status web"'
        created = f"Successfully created web. Check {where} for deployment status\n"
        assert edgelb("create", "-q", file) == (created, "", 0)
        assert edgelb("update", "-q", file).out.startswith("Successfully updated web. ")
        asked = [each for each in server.asked if each.method != "GET"]
        assert [f"{each.method} {each.path}" for each in asked] == [creates, updates]
        assert [each.json() for each in asked] == [pool, pool]

    def test_json_is_what_the_server_made_of_it(self, edgelb: Run, server: Scripted, tmp_path: Path) -> None:
        server.says("POST /v2/pools", V2 | {"cpus": 0.9})
        assert json.loads(edgelb("create", "--json", written(tmp_path / "a.json", V2)).out) == V2 | {"cpus": 0.9}

    def test_yaml_and_a_list_of_one(self, edgelb: Run, server: Scripted, tmp_path: Path) -> None:
        # JSON is YAML, too; this is neither a bare pool nor JSON.
        text = f"# a comment\npools:\n- {json.dumps(V2)}\n"
        server.says("POST /v2/pools", V2)
        assert edgelb("create", written(tmp_path / "a.yaml", text)).status == 0
        assert server.asked[0].json() == V2

    def test_standard_input(self, edgelb: Run, server: Scripted) -> None:
        server.says("POST /v2/pools", V2)
        assert edgelb("create", "-", stdin=json.dumps(V2).encode()).status == 0
        assert server.asked[0].json() == V2

    @pytest.mark.parametrize("pools", [[V2, V2 | {"name": "other"}], [V2, V1]])
    @pytest.mark.parametrize("options", [[], ["--no-check"]])
    def test_only_one_pool(
        self, edgelb: Run, server: Scripted, tmp_path: Path, pools: list[Any], options: list[str]
    ) -> None:
        ended = edgelb("update", *options, written(tmp_path / "a.json", {"pools": pools}))
        assert ended.err.startswith("lbgen: error: only one pool may be created or updated at a time\n")
        assert (ended.status, server.asked) == (2, [])

    def test_a_guessed_version_is_said(self, edgelb: Run, server: Scripted, tmp_path: Path) -> None:
        pool = {key: value for key, value in V1.items() if key != "apiVersion"}
        file = written(tmp_path / "a.json", pool)
        server.says("POST /v1/loadbalancers", V1)
        assert "is read as V1" in edgelb("create", file).err
        assert edgelb("create", "--no-check", file).err == 'lbgen: "apiVersion" is missing; the pool is sent as V1\n'
        assert [each.json() for each in server.asked] == [pool, pool]


class TestRevisions:
    ONE = "GET /v2/pools/web"

    def test_an_update_is_of_the_revision_of_now(self, edgelb: Run, server: Scripted, tmp_path: Path) -> None:
        server.etag = '"7"'
        server.says(self.ONE, V2)
        server.says("PUT /v2/pools/web", V2)
        assert edgelb("update", "-q", written(tmp_path / "a.json", V2)).status == 0
        assert [(each.method, each.if_match) for each in server.asked] == [("GET", None), ("PUT", '"7"')]

    @pytest.mark.parametrize("etag", ["", 'W/"7"', "7", '"a b"'])
    def test_without_a_strong_etag_it_is_of_any(self, edgelb: Run, server: Scripted, tmp_path: Path, etag: str) -> None:
        server.etag = etag
        server.says(self.ONE, V2)
        server.says("PUT /v2/pools/web", V2)
        assert edgelb("update", "-q", written(tmp_path / "a.json", V2)).status == 0
        assert [each.if_match for each in server.asked] == [None, None]

    @pytest.mark.parametrize("status", [403, 404, 500])
    def test_a_pool_that_cannot_be_read_is_changed_as_it_is(
        self, edgelb: Run, server: Scripted, tmp_path: Path, status: int
    ) -> None:
        server.etag = '"7"'
        server.says(self.ONE, {}, status)
        server.says("PUT /v2/pools/web", V2)
        assert edgelb("update", "-q", written(tmp_path / "a.json", V2)).status == 0
        assert server.asked[1].if_match is None

    def test_who_was_slower_is_told(self, edgelb: Run, server: Scripted, tmp_path: Path) -> None:
        message = "pool web has been changed meanwhile: read it again"
        server.says("PUT /v2/pools/web", {"code": 412, "message": message}, 412)
        ended = edgelb("update", "-q", written(tmp_path / "a.json", V2))
        said = "nothing was changed: see what it is now with `lbgen edgelb show`, and update that"
        assert ended == ("", f"lbgen: refused: {message} (412)\n  = help: {said}\n", 1)

    def test_what_somebody_has_looked_at(self, edgelb: Run, server: Scripted, tmp_path: Path) -> None:
        server.etag = '"7"'
        server.says("GET /pools/web", {"v2": V2})
        server.says("PUT /v2/pools/web", V2)
        tag = edgelb("show", "web", "--etag").out
        assert tag == '"7"\n'
        assert edgelb("update", "-q", "--if-match", tag.strip(), written(tmp_path / "a.json", V2)).status == 0
        assert [each.if_match for each in server.asked] == [None, '"7"']

    @pytest.mark.parametrize("tag", ["7", "", 'W/"7"', '"7', "*", '"7"\r\nX: y'])
    def test_what_is_no_etag(self, edgelb: Run, server: Scripted, tmp_path: Path, tag: str) -> None:
        ended = edgelb("update", "--if-match", tag, written(tmp_path / "a.json", V2))
        assert (ended.status, server.asked) == (2, [])

    @pytest.mark.parametrize("options", [[], ["web", "--json"], ["--convert-to-json", "a.yaml"], ["--reference"]])
    def test_an_etag_is_of_one_pool(self, edgelb: Run, server: Scripted, options: list[str]) -> None:
        assert edgelb("show", "--etag", *options).status == 2
        assert server.asked == []

    def test_a_server_without_revisions_says_so(self, edgelb: Run, server: Scripted) -> None:
        server.says("GET /pools/web", {"v2": V2})
        assert edgelb("show", "web", "--etag") == ("", "lbgen: error: the server tells of no revisions\n", 2)


class TestFaults:
    BAD = '{\n "apiVersion": "V2",\n "name": "web",\n "colour": 1,\n "count": "2"\n}\n'

    def test_are_told_with_their_place_and_nothing_is_sent(self, edgelb: Run, server: Scripted, tmp_path: Path) -> None:
        written(tmp_path / "a.json", self.BAD)
        ended = edgelb("create", "a.json")
        assert "a.json:4:12: warning[unknown-key]" in ended.err
        assert "a.json:5:11: error[wrong-type]" in ended.err
        assert ended.err.endswith("nothing is sent: the pool is at fault; --no-check sends it all the same\n")
        assert (ended.out, ended.status, server.asked) == ("", 1, [])

    def test_go_out_with_no_check(self, edgelb: Run, server: Scripted, tmp_path: Path) -> None:
        server.says("POST /v2/pools", {"code": 601, "message": "count in body must be of type integer"}, 422)
        ended = edgelb("create", "--no-check", written(tmp_path / "a.json", self.BAD))
        assert ended == ("", "lbgen: refused: count in body must be of type integer (422, code 601)\n", 1)
        assert server.asked[0].json() == json.loads(self.BAD)

    @pytest.mark.parametrize("text", ["{", '{"id": "/app", "cmd": "x"}', '{"pools": []}', "[]", "7", ""])
    @pytest.mark.parametrize("options", [[], ["--no-check"]])
    def test_what_is_no_pool(
        self, edgelb: Run, server: Scripted, tmp_path: Path, text: str, options: list[str]
    ) -> None:
        ended = edgelb("create", *options, written(tmp_path / "a.json", text))
        assert (ended.out, ended.status, server.asked) == ("", 2, [])
        assert "a.json" in ended.err or "only one pool" in ended.err

    def test_no_file(self, edgelb: Run) -> None:
        ended = edgelb("create", "none.json")
        assert ended.status == 2
        assert "none.json" in ended.err

    def test_a_directory(self, edgelb: Run, server: Scripted, tmp_path: Path) -> None:
        written(tmp_path / "a.json", V2)
        ended = edgelb("create", tmp_path)
        assert (ended.err, ended.status) == (f"lbgen: error: {tmp_path} is a directory, not the file of a pool\n", 2)
        assert server.asked == []

    def test_a_pool_without_a_name_cannot_be_updated(self, edgelb: Run, server: Scripted, tmp_path: Path) -> None:
        ended = edgelb("update", "--no-check", written(tmp_path / "a.json", {"apiVersion": "V2", "haproxy": {}}))
        assert (ended.status, server.asked) == (2, [])
        assert "the pool has no name" in ended.err


CONTAINERS = {
    "pools": [
        {"apiVersion": "V2", "name": "web", "namespace": "", "v2": V2},
        {"apiVersion": "V1", "name": "api", "namespace": "", "v1": V1 | {"name": "api"}},
    ]
}


class TestReading:
    def test_list(self, edgelb: Run, server: Scripted) -> None:
        server.says("GET /config", CONTAINERS)
        assert edgelb("list").out == (
            "  NAME  APIVERSION  COUNT  ROLE          PORTS\n"
            "  api   V1          1      slave_public  9090, 80\n"
            "  web   V2          2      slave_public  9091, 80, 8080\n"
        )
        assert json.loads(edgelb("list", "--json").out) == [V1 | {"name": "api"}, V2]

    def test_show_json_is_the_bare_pool(self, edgelb: Run, server: Scripted) -> None:
        server.says("GET /pools/web", CONTAINERS["pools"][0])
        assert json.loads(edgelb("show", "web", "--json").out) == V2
        assert edgelb("show", "web").out.startswith("Summary:\n  NAME  APIVERSION")

    def test_show_of_all(self, edgelb: Run, server: Scripted) -> None:
        server.says("GET /config", CONTAINERS)
        assert edgelb("show").out.count("Summary:\n") == 2
        assert len(json.loads(edgelb("show", "--json").out)) == 2

    def test_yaml_becomes_json_without_a_server(self, run: Run, tmp_path: Path) -> None:
        file = written(tmp_path / "a.yaml", f"# comment\n{json.dumps(V2)}\n")
        ended = run("edgelb", "show", "--convert-to-json", file)
        assert (json.loads(ended.out), ended.status) == (V2, 0)

    def test_the_reference_is_the_schema(self, run: Run) -> None:
        assert run("edgelb", "show", "--reference").out == run("schema", "pool-v2").out

    @pytest.mark.parametrize("options", [["--json"], ["web"], ["--convert-to-json", "a.yaml"]])
    def test_the_reference_is_of_no_pool(self, run: Run, options: list[str]) -> None:
        assert run("edgelb", "show", "--reference", *options).status == 2

    @pytest.mark.parametrize("options", [[], ["--raw"]])
    def test_lb_config(self, edgelb: Run, server: Scripted, options: list[str]) -> None:
        text = "global\n  a\n \n\nfrontend f\n"
        server.says_text("GET /v2/pools/web/lbconfig", text)
        assert edgelb("lb-config", "web", *options).out == (text if options else "global\n  a\nfrontend f\n")

    def test_status(self, edgelb: Run, server: Scripted) -> None:
        server.says("GET /pools/web", CONTAINERS["pools"][0])
        server.says("GET /v2/pools/web/metadata", {"stats": [{"port": 1, "private": ["10.0.0.1"], "public": []}]})
        server.says_text("GET /v2/pools/web/lbconfig", "artifact haproxy.cfg not found: no certificate", 404)
        ended = edgelb("status", "web", "--json")
        assert ended.status == 1
        assert json.loads(ended.out) == {
            "name": "web",
            "apiVersion": "V2",
            "count": 2,
            "private": ["10.0.0.1"],
            "public": [],
            "configuration": "artifact haproxy.cfg not found: no certificate (404)",
        }
        server.says_text("GET /v2/pools/web/lbconfig", "global\n")
        assert edgelb("status", "web").status == 0

    def test_status_of_what_the_server_runs(self, edgelb: Run, server: Scripted) -> None:
        said = {"state": "ERROR", "message": "HAProxy refuses the configuration", "wanted": 2, "running": 1}
        server.says("GET /pools/web", CONTAINERS["pools"][0])
        server.says("GET /v2/pools/web/metadata", {"status": said})
        server.says_text("GET /v2/pools/web/lbconfig", "global\n")
        ended = edgelb("status", "web", "--json")
        assert ended.status == 1
        assert json.loads(ended.out)["running"] == 1
        assert json.loads(ended.out)["configuration"] == "HAProxy refuses the configuration"

    def test_status_of_an_edge_lb_without_metadata(self, edgelb: Run, server: Scripted) -> None:
        server.says("GET /pools/web", CONTAINERS["pools"][0])
        server.says_text("GET /v2/pools/web/lbconfig", "global\n")
        ended = edgelb("status", "web", "--json")
        assert (ended.status, ended.err) == (0, "")
        status = json.loads(ended.out)
        assert (status["private"], status["public"], status["configuration"]) == ([], [], "ready")

    def test_task_ids_are_nobodys_to_tell(self, edgelb: Run, server: Scripted) -> None:
        assert edgelb("status", "web", "--task-ids").status == 2
        assert server.asked == []

    def test_ping_and_version(self, edgelb: Run, server: Scripted) -> None:
        import lbgen

        server.says_text("GET /ping", "pong")
        server.says_text("GET /version", "v1.7.0\n")
        assert edgelb("ping") == ("pong\n", "", 0)
        assert edgelb("version").out == f"client = v{lbgen.__version__}\nserver = v1.7.0\n"

    def test_ping_of_somebody_else(self, edgelb: Run, server: Scripted) -> None:
        server.says_text("GET /ping", "hello")
        assert edgelb("ping").status == 2


class TestTemplates:
    def test_of_haproxy_cfg(self, edgelb: Run, server: Scripted, tmp_path: Path) -> None:
        server.says_text("GET /v2/lbtemplate", "built-in")
        server.says_text("GET /v2/pools/web/lbtemplate", "own")
        server.says_text("PUT /v2/pools/web/lbtemplate", "own")
        server.says_text("DELETE /v2/pools/web/lbtemplate", "built-in")
        file = written(tmp_path / "a.cfg", "{{ text }}\n")
        assert edgelb("template", "create", "web", file).out == "Successfully created template for web.\n"
        assert edgelb("template", "update", "web", file).out == "Successfully updated template for web.\n"
        assert edgelb("template", "show", "web").out == "own"
        assert edgelb("template", "show").out == "built-in"
        assert edgelb("template", "delete", "web").out == "Successfully deleted template for web.\n"
        assert [each.body for each in server.asked] == [b"{{ text }}\n", b"{{ text }}\n", b"", b"", b""]

    def test_of_auto_pools(self, edgelb: Run, server: Scripted, tmp_path: Path) -> None:
        one = "/v2/pooltemplates/dobby"
        server.says("POST /v2/pooltemplates", {"name": "dobby"})
        server.says("GET /v2/pooltemplates", [{"name": "dobby"}, {"name": "alf"}])
        for method in ("GET", "PUT", "DELETE"):
            server.says_text(f"{method} {one}/template", "text")
        server.says(f"GET {one}/status", {"pool": {"status": "RENDER_ERR", "message": "no", "statuses": {}}})
        server.says_text(f"DELETE {one}", "", 204)
        file = written(tmp_path / "a", "{}")
        assert edgelb("pool-template", "create", "dobby").out == "Successfully created pool template dobby.\n"
        assert edgelb("pool-template", "list").out == "  NAME\n  alf\n  dobby\n"
        assert json.loads(edgelb("pool-template", "list", "--json").out) == [{"name": "alf"}, {"name": "dobby"}]
        assert edgelb("pool-template", "show", "dobby").out == "text"
        assert edgelb("pool-template", "update", "dobby", file).status == 0
        assert edgelb("pool-template", "reset", "dobby").status == 0
        assert edgelb("pool-template", "delete", "dobby").status == 0
        ended = edgelb("pool-template", "status", "dobby")
        assert ended == ("  NAME   STATUS      MESSAGE\n  dobby  RENDER_ERR  no\n", "", 1)
        assert server.asked[0].json() == {"name": "dobby"}


class TestNames:
    def test_are_parts_of_the_path(self, edgelb: Run, server: Scripted) -> None:
        server.says_text("DELETE /v2/pools/a%2F..%3Fb", "", 204)
        ended = edgelb("delete", "a/..?b")
        assert ended.out == 'Successfully deleted a/..?b. Check "lbgen edgelb list" for pool uninstall status.\n'

    @pytest.mark.parametrize("name", ["", ".", "..", "a\nb"])
    @pytest.mark.parametrize(
        "command", [["delete"], ["show"], ["pool-template", "delete"], ["pool-template", "create"]]
    )
    def test_that_would_be_other_paths(self, edgelb: Run, server: Scripted, name: str, command: list[str]) -> None:
        assert edgelb(*command, name).status == 2
        assert server.asked == []


class TestStrangeAnswers:
    @pytest.mark.parametrize("value", [[], {"pools": 1}, {"pools": [1]}, {"pools": [{}]}, "x"])
    def test_of_list(self, edgelb: Run, server: Scripted, value: object) -> None:
        server.says("GET /config", value)
        ended = edgelb("list")
        assert (ended.out, ended.status) == ("", 2)
        assert ended.err.startswith(f"lbgen: error: {server.url} answers with other JSON than Edge-LB does\n")

    def test_of_a_pool_whose_values_are_of_other_types(self, edgelb: Run, server: Scripted) -> None:
        server.says("GET /config", {"pools": [{"name": "web", "count": "two", "haproxy": [1]}]})
        assert edgelb("list").out.splitlines()[1].startswith("  web   V2")

    def test_words_of_the_server_cannot_move_the_cursor(self, edgelb: Run, server: Scripted) -> None:
        server.says("GET /pools/web", {"code": 404, "message": "\x1b[2J"}, 404)
        assert edgelb("show", "web").err == "lbgen: refused: <U+001B>[2J (404)\n"
