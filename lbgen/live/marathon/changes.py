"""What events of Marathon mean for those whose apps are served: which of them may have changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lbgen.live.contract import Change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lbgen.live.marathon.sse import Event

_MOST_ID = 4096


def _app_of_task(event: dict[str, Any]) -> Iterable[Any]:
    return [event.get("appId")]


def _definition(event: dict[str, Any]) -> Iterable[Any]:
    definition = event.get("appDefinition")
    return [definition.get("id")] if isinstance(definition, dict) else []


def _plan(event: dict[str, Any]) -> Iterable[Any]:
    """The apps of a deployment's steps, which older Marathons do not tell at its end."""
    plan = event.get("plan")
    steps = _list(plan.get("steps")) if isinstance(plan, dict) else []
    actions = [action for step in steps if isinstance(step, dict) for action in _list(step.get("actions", [step]))]
    return [action.get("app") or action.get("pod") for action in actions if isinstance(action, dict)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


_APPS: dict[str, Callable[[dict[str, Any]], Iterable[Any]]] = {
    "api_post_event": _definition,
    "status_update_event": _app_of_task,
    "health_status_changed_event": _app_of_task,
    "app_terminated_event": _app_of_task,
    # What a group's deployment changes is told here alone: a label of an app without tasks, say.
    "deployment_success": _plan,
    "deployment_failed": _plan,
}
TYPES = tuple(_APPS)
"""The types of events after which something may be served otherwise."""


def change_of(event: Event, at: float) -> Change | None:
    """The change, None for an event that changes nothing; one that cannot be understood may change everything."""
    if event.type not in _APPS:
        return None
    try:
        value = json.loads(event.data) if event.data is not None else None
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        return Change(None, f"{event.type} that cannot be read", at)
    names = list(_APPS[event.type](value))
    known = names and all(isinstance(name, str) and 1 < len(name) < _MOST_ID and name[0] == "/" for name in names)
    return Change(frozenset(names) if known else None, event.type, at)
