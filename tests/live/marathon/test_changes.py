"""Events and what they mean."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lbgen.live.contract import Change
from lbgen.live.marathon.changes import TYPES, change_of
from lbgen.live.marathon.sse import Event

PLAN = {"id": "x", "steps": [{"actions": [{"action": "StartApplication", "app": "/a"}]}, {"actions": [{"app": "/b"}]}]}


def change(kind: str, fields: Any) -> Change | None:
    return change_of(Event(kind, json.dumps(fields)), 7.0)


@pytest.mark.parametrize(
    ("kind", "fields", "apps"),
    [
        ("status_update_event", {"appId": "/a", "taskStatus": "TASK_RUNNING"}, {"/a"}),
        ("health_status_changed_event", {"appId": "/a", "alive": False}, {"/a"}),
        ("app_terminated_event", {"appId": "/a"}, {"/a"}),
        ("api_post_event", {"appDefinition": {"id": "/group/A_b"}, "uri": "/v2/apps"}, {"/group/A_b"}),
        ("deployment_success", {"id": "x", "plan": PLAN}, {"/a", "/b"}),
        ("deployment_failed", {"id": "x", "plan": PLAN}, {"/a", "/b"}),
        ("deployment_success", {"plan": {"steps": [{"action": "ScaleApplication", "app": "/old"}]}}, {"/old"}),
        ("deployment_success", {"plan": {"steps": [{"actions": [{"pod": "/pod"}]}]}}, {"/pod"}),
    ],
)
def test_names_the_apps(kind: str, fields: Any, apps: set[str]) -> None:
    assert change(kind, fields) == Change(frozenset(apps), kind, 7.0)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("deployment_success", {"id": "x"}),
        ("deployment_success", {"plan": {"steps": []}}),
        ("deployment_success", {"plan": {"steps": [{"actions": [{"action": "?"}]}]}}),
        ("deployment_success", {"plan": {"steps": [None, {"actions": {}}]}}),
        ("deployment_success", {"plan": []}),
        ("api_post_event", {}),
        ("api_post_event", {"appDefinition": "/a"}),
        ("api_post_event", {"appDefinition": {"id": None}}),
        ("status_update_event", {}),
        ("status_update_event", {"appId": ["/a"]}),
        ("status_update_event", {"appId": "a"}),
        ("status_update_event", {"appId": "/"}),
        ("status_update_event", {"appId": f"/{'a' * 5000}"}),
    ],
)
def test_names_none_where_the_event_does_not(kind: str, fields: Any) -> None:
    assert change(kind, fields) == Change(None, kind, 7.0)


@pytest.mark.parametrize("data", [None, "", "{", "[]", "null", "7", "[" * 100_000])
def test_that_cannot_be_read_may_change_everything(data: str | None) -> None:
    assert change_of(Event("status_update_event", data), 7.0) == Change(
        None, "status_update_event that cannot be read", 7.0
    )


@pytest.mark.parametrize("kind", ["", "deployment_info", "event_stream_attached", "instance_changed_event"])
def test_other_events_change_nothing(kind: str) -> None:
    assert kind not in TYPES
    assert change_of(Event(kind, "{"), 7.0) is None
