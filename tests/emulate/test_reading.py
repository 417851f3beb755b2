"""From files to load balancers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.emulate import reading, showing
from lbgen.emulate.reading import Wanted, read
from lbgen.emulate.standins import stand_ins
from lbgen.emulate.trying import tries
from lbgen.pipeline.checking import Checked, Checking
from lbgen.pipeline.generate import from_apps
from lbgen.pipeline.options import Options
from lbgen.pipeline.pools import PoolOptions

if TYPE_CHECKING:
    from pathlib import Path

    from lbgen.emulate.balancer import Balancer
    from lbgen.pipeline.inputs import Inputs


@pytest.fixture(autouse=True)
def _unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """HAProxy is not asked."""

    def accepted(inputs: Inputs, options: Options, _: Checking) -> Checked:
        return Checked(from_apps(inputs, options), accepted=True)

    monkeypatch.setattr(reading, "from_apps_checked", accepted)


def balancer(tmp_path: Path, apps: list[dict[str, Any]], **options: Any) -> Balancer:
    path = tmp_path / "apps.json"
    path.write_text(json.dumps({"apps": apps}))
    wanted = Wanted(
        paths=[str(path)],
        tasks=(),
        options=replace(Options(environ={}), **options),
        pool_options=PoolOptions(),
        checking=Checking("binary", None, None),
    )
    (found,) = read(wanted).balancers
    return found


def app(name: str, port: int, hosts: list[str], **labels: str) -> dict[str, Any]:
    tasks = [{"id": f"{name}.{number}", "host": host, "ports": [31000]} for number, host in enumerate(hosts)]
    named = {"HAPROXY_GROUP": "external", "HAPROXY_0_MODE": "http", **labels}
    return {"id": name, "ports": [port], "labels": named, "tasks": tasks, "instances": len(hosts)}


def test_hosts_of_a_cluster_need_not_resolve(tmp_path: Path) -> None:
    made = balancer(tmp_path, [app("/a", 10001, ["agent1.invalid", "agent2.invalid"])])
    assert [each.address for each in stand_ins(made)] == ["198.18.0.1:31000", "198.18.0.2:31000"]


def test_hosts_that_are_given_count(tmp_path: Path) -> None:
    made = balancer(tmp_path, [app("/a", 10001, ["agent1.invalid"])], hosts={"agent1.invalid": "10.0.0.9"})
    assert [each.address for each in stand_ins(made)] == ["10.0.0.9:31000"]


def test_the_tasks_of_each_colour_are_its_own(tmp_path: Path) -> None:
    group = {"HAPROXY_DEPLOYMENT_GROUP": "web"}
    blue = app("/web-blue", 10001, ["10.0.0.1", "10.0.0.2"], **group, HAPROXY_DEPLOYMENT_STARTED_AT="2020-01-01")
    green = app("/web-green", 10002, ["10.0.1.1"], **group, HAPROXY_DEPLOYMENT_STARTED_AT="2020-01-02")
    made = balancer(tmp_path, [blue, green])
    found = stand_ins(made)
    assert [(each.app, each.task, each.of) for each in found] == [
        ("/web-blue", 1, 2),
        ("/web-blue", 2, 2),
        ("/web-green", 1, 1),
    ]
    behind = showing.stand_ins_by_backend(found)
    said = "task 2 of /web-blue and task 1 of /web-green in turn, not task 1 of /web-blue"
    assert {showing.outcome(one, behind) for one in tries(made, {}) if one.backend} == {said}
    paper = showing.Paper(color=False, verbose=False, documents={})
    assert "/web-green" not in list(showing.what_to_try(tries(made, {}), found, "/ca.pem", paper))


def test_hosts_in_a_map_come_from_their_labels(tmp_path: Path) -> None:
    apps = [app(f"/{name}", port, ["10.0.0.1"], HAPROXY_0_VHOST=f"{name}.org") for port, name in enumerate("ab", 10001)]
    made = balancer(tmp_path, apps, haproxy_map=True)
    found = {one.asked.host: [each.label for each in one.origins] for one in tries(made, {}) if one.asked.host}
    assert found == {"a.org": ["HAPROXY_0_VHOST"], "b.org": ["HAPROXY_0_VHOST"]}
    assert {each.app for one in tries(made, {}) if one.asked.host == "b.org" for each in one.origins} == {"/b"}
