"""`lbgen convert auto-pools`, `lbgen convert edge-lb`, and `lbgen haproxy from-app --auto-pools`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.command import Ended

    Run = Callable[..., Ended]

EXPOSED = {
    "id": "/web",
    "labels": {"edgelb.expose": "true", "edgelb.web.frontend.rules": "hostEq:web.example.org"},
    "portDefinitions": [{"port": 0, "name": "http"}],
}
SERVED = {
    "id": "/web",
    "labels": {"HAPROXY_GROUP": "external", "HAPROXY_0_MODE": "http"},
    "portDefinitions": [{"port": 10001, "name": "http"}],
}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    def written(name: str, value: Any) -> str:
        text = value if isinstance(value, str) else json.dumps(value, indent=2) + "\n"
        tmp_path.joinpath(name).write_text(text)
        return name

    return written


def labelled(**labels: str) -> dict[str, Any]:
    """The exposed app with more labels, in which `_` stands for a dot."""
    more = {f"edgelb.{key.replace('_', '.')}": value for key, value in labels.items()}
    return EXPOSED | {"labels": EXPOSED["labels"] | more}  # type: ignore[operator]


class TestAutoPools:
    def test_one_pool_is_printed(self, run: Run, write: Callable[..., str]) -> None:
        ended = run("convert", "auto-pools", write("web.json", EXPOSED))

        assert json.loads(ended.out)["name"] == "auto-default"
        assert ended.out.startswith('{\n  "apiVersion": "V2",\n  "name": "auto-default",\n')
        assert (ended.err, ended.status) == ("", 0)

    def test_several_are_a_list(self, run: Run, write: Callable[..., str]) -> None:
        apps = [EXPOSED, labelled(template="dobby") | {"id": "/dobby"}]
        ended = run("convert", "auto-pools", write("apps.json", apps))

        assert [pool["name"] for pool in json.loads(ended.out)] == ["auto-default", "auto-dobby"]

    def test_or_files_in_a_directory(self, run: Run, write: Callable[..., str], tmp_path: Path) -> None:
        apps = [EXPOSED, labelled(template="dobby") | {"id": "/dobby"}]
        ended = run("convert", "auto-pools", write("apps.json", apps), "-o", "out/")

        assert (ended.out, ended.err, ended.status) == ("", "", 0)
        assert sorted(path.name for path in tmp_path.joinpath("out").iterdir()) == [
            "auto-default.json",
            "auto-dobby.json",
        ]

    def test_but_not_one_file(self, run: Run, write: Callable[..., str], tmp_path: Path) -> None:
        apps = [EXPOSED, labelled(template="dobby") | {"id": "/dobby"}]
        ended = run("convert", "auto-pools", write("apps.json", apps), "-o", "pool.json")

        assert ended.status == 2
        assert "there are 2 files to write: auto-default.json, auto-dobby.json" in ended.err
        assert not tmp_path.joinpath("pool.json").exists()

    def test_standard_input_is_read(self, run: Run) -> None:
        ended = run("convert", "auto-pools", "-", stdin=json.dumps(EXPOSED).encode())

        assert json.loads(ended.out)["name"] == "auto-default"

    def test_an_app_at_fault_is_named_and_left_out(self, run: Run, write: Callable[..., str]) -> None:
        apps = [EXPOSED, labelled(bad_frontend_port="http") | {"id": "/bad"}]
        ended = run("convert", "auto-pools", write("apps.json", apps))

        assert ended.status == 1
        assert ended.err == (
            "apps.json:20:36: error[bad-label-value] LBG155 edgelb.bad.frontend.port should be a port, 0 to 65535, is"
            ' "http"\n'
            "   |\n"
            '20 |       "edgelb.bad.frontend.port": "http"\n'
            "   |                                    ^^^^\n"
            "   = app: /bad, label edgelb.bad.frontend.port\n"
            "\n"
            "1 error in 1 file; lbgen rule LBG155 explains it\n"
        )

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("{", "web.json:1:2"),
            ("[]", "there is no task: there is no pool"),
            ('{"id": "/a", "labels": null}', "should be"),
            ('{"id": "/a", "labels": {}}', "the app is not exposed: there is no pool"),
            ('{"id": "/a", "labels": {"edgelb.expose": true}}', "should be a string, is true"),
        ],
    )
    def test_without_any_pool_nothing_is_printed(
        self, run: Run, write: Callable[..., str], text: str, words: str
    ) -> None:
        ended = run("convert", "auto-pools", write("web.json", text))

        assert (ended.out, ended.status) == ("", 2)
        assert words in ended.err


class TestFromApp:
    def test_the_pool_of_labels_is_rendered(self, run: Run, write: Callable[..., str]) -> None:
        ended = run("haproxy", "from-app", "--auto-pools", write("web.json", EXPOSED))

        assert "backend web\n" in ended.out
        assert r"^web\.example\.org" in ended.out or "web.example.org" in ended.out
        assert "server agentip_192.0.2.1_31000 192.0.2.1:31000 check" in ended.out
        assert "/web is not deployed yet: servers on 192.0.2.0/24 stand for the tasks" in ended.err
        assert ended.status == 0

    def test_real_tasks_take_the_place_of_placeholders(self, run: Run, write: Callable[..., str]) -> None:
        tasks = {"tasks": [{"id": "web.1", "appId": "/web", "host": "10.0.0.1", "ports": [31005]}]}
        arguments = (write("web.json", EXPOSED), "--tasks", write("tasks.json", tasks))
        ended = run("haproxy", "from-app", "--auto-pools", *arguments)

        assert "10.0.0.1:31005 check" in ended.out
        assert "192.0.2" not in ended.out + ended.err

    def test_tasks_of_mesos_bring_their_labels_along(self, run: Run, write: Callable[..., str]) -> None:
        task = {
            "id": "hello.1",
            "name": "hello",
            "framework_id": "f-1",
            "slave_id": "s-1",
            "state": "TASK_RUNNING",
            "labels": [{"key": "edgelb.expose", "value": "true"}],
            "discovery": {"ports": {"ports": [{"name": "api", "number": 31000}]}},
        }
        state = {"frameworks": [{"id": "f-1", "tasks": [task]}], "slaves": [{"id": "s-1", "hostname": "10.0.0.7"}]}
        ended = run("haproxy", "from-app", "--auto-pools", write("state.json", state))

        assert "10.0.0.7:31000 check" in ended.out
        assert ended.status == 0

    def test_several_pools_need_a_directory(self, run: Run, write: Callable[..., str], tmp_path: Path) -> None:
        apps = write("apps.json", [EXPOSED, labelled(template="dobby") | {"id": "/dobby"}])

        assert run("haproxy", "from-app", "--auto-pools", apps).status == 2
        assert run("haproxy", "from-app", "--auto-pools", apps, "-o", "out/").status == 0
        assert {path.name for path in tmp_path.joinpath("out").glob("*.cfg")} == {"auto-default.cfg", "auto-dobby.cfg"}

    def test_an_app_at_fault_is_left_out(self, run: Run, write: Callable[..., str]) -> None:
        apps = [EXPOSED, labelled(bad_frontend_port="http") | {"id": "/bad"}]
        ended = run("haproxy", "from-app", "--auto-pools", write("apps.json", apps))

        assert "backend web\n" in ended.out
        assert ended.status == 1

    def test_what_is_said_of_the_pool_is_said_of_the_label(self, run: Run, write: Callable[..., str]) -> None:
        app = labelled(web_backend_protocol="HTTPS")
        ended = run("haproxy", "from-app", "--auto-pools", write("web.json", app))

        assert "web.json:" in ended.err
        assert "label edgelb.web.backend.protocol" in ended.err

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["--auto-pools", "--group", "x"], "--group is for Marathon-LB's labels"),
            (["--auto-pools", "--haproxy-map"], "--haproxy-map is for Marathon-LB's labels"),
            (["--auto-pools", "--dialect", "marathon-lb"], "--dialect marathon-lb does not go with --auto-pools"),
            (["--dialect", "edge-lb"], "--dialect edge-lb goes with --auto-pools"),
        ],
    )
    def test_options_that_do_not_go_together(
        self, run: Run, write: Callable[..., str], arguments: list[str], words: str
    ) -> None:
        ended = run("haproxy", "from-app", write("web.json", EXPOSED), *arguments)

        assert ended.status == 2
        assert words in ended.err


class TestEdgeLb:
    def test_the_document_comes_back_with_new_labels(self, run: Run, write: Callable[..., str]) -> None:
        text = (
            '{ "id": "/web", "cmd": "run",\n'
            '  "labels": {\n'
            '      "HAPROXY_GROUP": "external",\n'
            '      "HAPROXY_0_MODE": "http" },\n'
            '  "portDefinitions": [ {"port": 10001, "name": "http"} ] }\n'
        )
        ended = run("convert", "edge-lb", "-q", write("web.json", text))

        assert ended.out == (
            '{ "id": "/web", "cmd": "run",\n'
            '  "labels": {\n'
            '      "HAPROXY_GROUP": "external",\n'
            '      "HAPROXY_0_MODE": "http",\n'
            '      "edgelb.expose": "true",\n'
            '      "edgelb.web_10001.frontend.port": "10001" },\n'
            '  "portDefinitions": [ {"port": 10001, "name": "http"} ] }\n'
        )
        assert (ended.err, ended.status) == ("", 0)

    def test_without_the_old_labels_if_wanted(self, run: Run, write: Callable[..., str]) -> None:
        ended = run("convert", "edge-lb", "-q", "--drop-haproxy-labels", write("web.json", SERVED))

        assert json.loads(ended.out)["labels"] == {
            "edgelb.expose": "true",
            "edgelb.web_10001.frontend.port": "10001",
        }

    def test_what_does_not_go_over_keeps_its_labels(self, run: Run, write: Callable[..., str]) -> None:
        stays = {**SERVED, "id": "/stays", "labels": {**SERVED["labels"], "HAPROXY_0_PORT": "443"}}  # type: ignore[dict-item]
        ended = run("convert", "edge-lb", "-q", "--drop-haproxy-labels", write("apps.json", [SERVED, stays]))

        _, kept = json.loads(ended.out)
        assert kept == stays
        assert ended.status == 1

    def test_a_pool_is_printed(self, run: Run, write: Callable[..., str]) -> None:
        ended = run("convert", "edge-lb", "--to", "pool", "--name", "shop", write("web.json", SERVED))

        assert json.loads(ended.out)["name"] == "shop"
        assert "info[edge-lb-differs]" in ended.err
        assert ended.status == 0

    def test_several_documents_go_into_a_directory(self, run: Run, write: Callable[..., str], tmp_path: Path) -> None:
        other = {**SERVED, "id": "/other", "portDefinitions": [{"port": 10002, "name": "http"}]}
        files = (write("a.json", SERVED), write("b.json", other))

        assert run("convert", "edge-lb", *files).status == 2
        assert run("convert", "edge-lb", *files, "-o", "out/").status == 0
        labels = json.loads(tmp_path.joinpath("out", "b.json").read_text())["labels"]
        assert labels["edgelb.other_10002.frontend.port"] == "10002"

    def test_yaml_becomes_json(self, run: Run, write: Callable[..., str]) -> None:
        text = "id: /web\nlabels:\n  HAPROXY_GROUP: external\nportDefinitions:\n- {port: 10001, name: tcp}\n"
        ended = run("convert", "edge-lb", "-q", write("web.yaml", text))

        assert json.loads(ended.out)["labels"]["edgelb.web_10001.frontend.protocol"] == "TCP"

    def test_losses_are_told_with_the_label(self, run: Run, write: Callable[..., str]) -> None:
        app = {**SERVED, "labels": {**SERVED["labels"], "HAPROXY_0_USE_HSTS": "true"}}  # type: ignore[dict-item]
        ended = run("convert", "edge-lb", "-q", write("web.json", app))

        assert ended.err == (
            "web.json:6:27: warning[no-counterpart] LBG975 HAPROXY_0_USE_HSTS adds Strict-Transport-Security,"
            " which no label does\n"
            "   |\n"
            '6  |     "HAPROXY_0_USE_HSTS": "true"\n'
            "   |                           ^^^^^^\n"
            "   = app: /web, label HAPROXY_0_USE_HSTS\n"
            "   = help: a pool does: --to pool\n"
            "\n"
            "1 warning in 1 file; lbgen rule LBG975 explains it\n"
        )
        assert ended.status == 0

    def test_certificates_are_named(self, run: Run, write: Callable[..., str]) -> None:
        app = {**SERVED, "labels": {**SERVED["labels"], "HAPROXY_0_SSL_CERT": "/certs/a.pem"}}  # type: ignore[dict-item]
        ended = run("convert", "edge-lb", "-q", "--certificate", "/certs/a.pem=team/a", write("web.json", app))

        assert json.loads(ended.out)["labels"]["edgelb.web_10001.frontend.certificates"] == "team/a"
        assert ended.err == ""

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["--frontends", "http,tcp"], "--frontends http,tcp: there are http, https, service"),
            (["--frontends", ""], "there are http, https, service"),
            (["--certificate", "/a.pem"], "--certificate /a.pem: should be FILE=SECRET"),
            (["--to", "pods"], "'pods' is not one of 'labels', 'pool'"),
        ],
    )
    def test_mistakes_in_the_command_are_told(
        self, run: Run, write: Callable[..., str], arguments: list[str], words: str
    ) -> None:
        ended = run("convert", "edge-lb", write("web.json", SERVED), *arguments)

        assert (ended.out, ended.status) == ("", 2)
        assert words in ended.err

    def test_where_nothing_goes_over_nothing_is_printed(self, run: Run, write: Callable[..., str]) -> None:
        ended = run("convert", "edge-lb", write("web.json", {**SERVED, "labels": {}}))

        assert (ended.out, ended.status) == ("", 2)
        assert "there is no app of Marathon-LB's to convert" in ended.err
