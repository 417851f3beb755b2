"""Planned ports avoid those that apps ask for in other ways than as a service port."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lbgen.marathon.apps import Loaded, load_apps
from lbgen.pipeline.claims import Claims
from lbgen.pipeline.options import Options
from lbgen.ports.spoken_for import spoken_for

if TYPE_CHECKING:
    from pathlib import Path

AUTO = (10050, 10053)


def ports(**app: Any) -> list[int]:
    """What is spoken for by this app."""
    loaded = Loaded()
    load_apps("app.json", {"id": "/a", "cmd": "run", **app}, loaded)
    return list(spoken_for(loaded.apps, AUTO))


def test_lists_of_addresses_and_bind_lines() -> None:
    head = "\nfrontend {backend}\n  bind {bindAddr}:{servicePort}\n  bind *:10003-10005,:::10007 v4v6\n  bind unix@/a\n"
    assert ports(labels={"HAPROXY_0_BIND_ADDR": "10.0.0.1:10001,10.0.0.2:10002,*"}) == [10001, 10002]
    assert ports(labels={"HAPROXY_0_FRONTEND_HEAD": head}) == [10003, 10004, 10005, 10007]
    assert ports(labels={"HAPROXY_0_BIND_ADDR": "10.0.0.1", "OTHER": "bind *:80"}) == []


def test_automatic_ports() -> None:
    networks = [{"mode": "container", "name": "dcos"}]
    assert ports(networks=networks, container={"portMappings": [{"containerPort": 80}]}) == [10050, 10051, 10052, 10053]
    with_port = [{"containerPort": 80, "servicePort": 10001}]
    assert ports(networks=networks, container={"portMappings": with_port}) == []
    assert ports(portDefinitions=[{"port": 0}]) == []


def test_a_planned_port_is_another_one(tmp_path: Path) -> None:
    path = tmp_path / "apps.json"
    labels = {"HAPROXY_GROUP": "external"}
    planned = {"id": "/planned", "cmd": "run", "portDefinitions": [{"port": 0}], "labels": labels}
    listed = {"HAPROXY_0_BIND_ADDR": "10.0.0.1:10000,10.0.0.2"}
    other = {"id": "/other", "cmd": "run", "portDefinitions": [{"port": 10001}], "labels": {**labels, **listed}}
    path.write_text(json.dumps([planned, other]))
    rows = Claims([str(path)], Options(groups=(), service_ports=range(10000, 10003))).rows()
    assert [str(each.claim.ports) for each in rows if each.claim.owner == "/planned"] == ["10002"]
