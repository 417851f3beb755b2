"""Every shape in which apps come: definitions, lists, replies, groups; files, directories, standard input."""

from __future__ import annotations

from io import BytesIO, TextIOWrapper
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.pipeline import read_inputs
from lbgen.pipeline.pools import read_pools
from tests.edgelb.pools import pool
from tests.pipeline.files import GOOD, GROUP, outcome, put

if TYPE_CHECKING:
    from pathlib import Path

OTHER = GOOD | {"id": "/other", "ports": [20001]}
NESTED = GOOD | {"id": "/team/web"}
RELATIVE = GOOD | {"id": "web"}
SHAPES: dict[str, tuple[Any, list[str]]] = {
    "an app": (GOOD, ["good_20000"]),
    "a list": ([GOOD, OTHER], ["good_20000", "other_20001"]),
    "an app in an envelope": ({"app": GOOD}, ["good_20000"]),
    "a reply": ({"apps": [GOOD, OTHER]}, ["good_20000", "other_20001"]),
    "a group": ({"id": "/", "apps": [GOOD], "groups": []}, ["good_20000"]),
    "a group in a group": (
        {"id": "/", "apps": [GOOD], "groups": [{"id": "/team", "apps": [NESTED]}]},
        ["good_20000", "team_web_20000"],
    ),
    "ids relative to their groups": (
        {"id": "/", "groups": [{"id": "team", "groups": [{"id": "a", "apps": [RELATIVE]}], "apps": [RELATIVE]}]},
        ["team_a_web_20000", "team_web_20000"],
    ),
    "a group without a name": ({"groups": [{"apps": [GOOD]}]}, ["good_20000"]),
    "null lists": ({"id": "/", "apps": [GOOD], "groups": None}, ["good_20000"]),
}


@pytest.mark.parametrize(("value", "backends"), SHAPES.values(), ids=SHAPES)
def test_apps_come_in_this_shape(tmp_path: Path, value: Any, backends: list[str]) -> None:
    made = outcome(put(tmp_path / "apps.json", value))
    assert (made.backends, made.said, made.status) == (backends, [], 0)


DEEP: dict[str, Any] = {"id": "leaf", "apps": [RELATIVE]}
for number in range(90):
    DEEP = {"id": f"g{number}", "groups": [DEEP]}


def test_groups_nest_deeply(tmp_path: Path) -> None:
    (backend,) = outcome(put(tmp_path / "apps.json", DEEP)).backends
    assert backend.endswith("g1_g0_leaf_web_20000")


class TestSources:
    def test_several_files_are_one_fleet(self, tmp_path: Path) -> None:
        made = outcome(put(tmp_path / "b.json", OTHER), put(tmp_path / "a.json", GOOD))
        assert made.backends == ["good_20000", "other_20001"]

    def test_a_directory_is_read_whole_but_for_what_is_hidden(self, tmp_path: Path) -> None:
        (tmp_path / "sub").mkdir()
        (tmp_path / ".git").mkdir()
        put(tmp_path / "a.json", GOOD)
        put(tmp_path / "sub" / "b.json", OTHER)
        put(tmp_path / ".git" / "c.json", "{")
        put(tmp_path / "README.md", "x")
        made = outcome(str(tmp_path))
        assert (made.backends, made.status) == (["good_20000", "other_20001"], 0)

    def test_a_file_in_a_directory_and_by_name_is_one_file(self, tmp_path: Path) -> None:
        file = put(tmp_path / "a.json", GOOD)
        (tmp_path / "link.json").symlink_to(file)
        made = outcome(str(tmp_path), file, f"{tmp_path}/", f"{tmp_path}/./a.json", f"{tmp_path}/link.json")
        assert (made.backends, made.said, made.status) == (["good_20000"], [], 0)

    @pytest.mark.parametrize(("name", "document"), [(None, "<stdin>"), ("apps.json", "apps.json")])
    def test_standard_input_has_a_name(self, monkeypatch: pytest.MonkeyPatch, name: str | None, document: str) -> None:
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(b'{"id": "/web"}')))
        inputs = read_inputs(["-"], stdin_name=name)
        assert [app.ref.document for app in inputs.apps] == [document]

    def test_yaml_is_read_where_the_name_says_so(self, tmp_path: Path) -> None:
        text = (
            "id: /good\nports: [20000]\nlabels: {HAPROXY_GROUP: external}\ntasks: [{host: 10.0.0.1, ports: [31000]}]\n"
        )
        assert outcome(put(tmp_path / "app.yaml", text)).backends == ["good_20000"]

    def test_a_byte_order_mark_and_crlf_are_nothing(self, tmp_path: Path) -> None:
        app = b'{"id": "/good",\r\n "labels": {"HAPROXY_GROUP": "external"},\r\n "portDefinitions": [{"port": 20000}]}'
        text = b"\xef\xbb\xbf" + app
        assert outcome(put(tmp_path / "app.json", text)).backends == ["good_20000"]


DEFINITION = {"id": "/good", "portDefinitions": [{"port": 0}], "labels": GROUP}
RUNNING = {"appId": "/good", "id": "t1", "host": "10.0.0.7", "ports": [31005], "servicePorts": [10123]}

OF_NO_APP = "lbgen: warning[task-of-no-app] LBG157 "


class TestTasksFile:
    @pytest.mark.parametrize("envelope", [True, False])
    def test_says_where_an_app_runs_and_on_which_service_port(self, tmp_path: Path, envelope: bool) -> None:
        tasks = put(tmp_path / "tasks.json", {"tasks": [RUNNING]} if envelope else [RUNNING])
        made = outcome(put(tmp_path / "app.json", DEFINITION), tasks=(tasks,))
        assert made.backends == ["good_10123"]
        assert "server 10_0_0_7_31005 10.0.0.7:31005" in made.text
        assert made.said == []

    def test_may_be_several(self, tmp_path: Path) -> None:
        first = put(tmp_path / "1.json", [RUNNING])
        second = put(tmp_path / "2.json", [RUNNING | {"id": "t2", "host": "10.0.0.8"}])
        made = outcome(put(tmp_path / "app.json", DEFINITION), tasks=(first, second))
        assert made.text.count("  server ") == 2

    def test_leaves_apps_alone_that_say_themselves_where_they_run(self, tmp_path: Path) -> None:
        tasks = put(tmp_path / "tasks.json", [RUNNING])
        assert "10.0.0.7" not in outcome(put(tmp_path / "app.json", GOOD), tasks=(tasks,)).text

    def test_leaves_service_ports_alone_that_are_chosen(self, tmp_path: Path) -> None:
        tasks = put(tmp_path / "tasks.json", [RUNNING])
        definition = DEFINITION | {"portDefinitions": [{"port": 20000}]}
        assert outcome(put(tmp_path / "app.json", definition), tasks=(tasks,)).backends == ["good_20000"]

    def test_of_other_apps_only_leaves_placeholders(self, tmp_path: Path) -> None:
        tasks = put(tmp_path / "tasks.json", [RUNNING | {"appId": "/other"}])
        made = outcome(put(tmp_path / "app.json", DEFINITION), tasks=(tasks,))
        assert "192.0.2.1:31000" in made.text
        assert "info[planned]" in made.said[0]
        assert (
            made.said[1]
            == f"{OF_NO_APP}1 task belongs to no app that is given here, and nobody gets it: it names /other"
        )
        assert made.status == 0

    def test_of_nobody_are_told_once(self, tmp_path: Path) -> None:
        strange = [RUNNING | {"appId": f"/x{number}"} for number in range(5)] + [RUNNING | {"appId": None}]
        made = outcome(
            put(tmp_path / "app.json", DEFINITION), tasks=(put(tmp_path / "tasks.json", [RUNNING, *strange]),)
        )
        said = "6 tasks belong to no app that is given here, and nobody gets them: they name"
        assert made.said == [f"{OF_NO_APP}{said} nobody (no appId), /x0, /x1 and 3 more"]

    def test_of_an_app_that_is_left_out_are_not_told(self, tmp_path: Path) -> None:
        apps = put(tmp_path / "apps.json", [GOOD, DEFINITION | {"id": "/bad", "labels": None}])
        made = outcome(apps, tasks=(put(tmp_path / "tasks.json", [RUNNING | {"appId": "/bad"}]),))
        assert [line for line in made.said if "task-of-no-app" in line] == []


def test_a_pool_in_a_directory_and_by_name_is_one_pool(tmp_path: Path) -> None:
    file = put(tmp_path / "pool.json", pool(name="p"))
    inputs = read_pools([str(tmp_path), file, f"{tmp_path}/"])
    assert ([each.name for each in inputs.pools], inputs.findings) == (["p"], [])
