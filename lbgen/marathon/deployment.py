"""Deployment groups: two apps, the old and the new colour, become one."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from lbgen.errors import AppError
from lbgen.marathon import names

if TYPE_CHECKING:
    from lbgen.marathon.apps import MarathonApp

GROUP = "HAPROXY_DEPLOYMENT_GROUP"
STARTED = "HAPROXY_DEPLOYMENT_STARTED_AT"
NEW_INSTANCES = "HAPROXY_DEPLOYMENT_NEW_INSTANCES"
TARGET = "HAPROXY_DEPLOYMENT_TARGET_INSTANCES"


class GroupError(AppError):
    """An app cannot be merged with the other colour; `app` is the one to leave out."""

    def __init__(self, app: MarathonApp, label: str, message: str) -> None:
        super().__init__(message, origin=app.ref.label(label).origin(), rule="bad-deployment-group")
        self.app = app


def group_name(app: MarathonApp) -> str | None:
    """The id of the merged app, or None where the app is in no deployment group."""
    name = app.labels.get(GROUP)
    if name is None:
        return None
    if not name:
        raise GroupError(app, GROUP, "is empty; it should name the app that both colours are")
    if problem := names.id_problem(name):
        raise GroupError(app, GROUP, f"names an app, and {problem}")
    return name if name.startswith("/") else f"/{name}"


def merge(previous: MarathonApp, current: MarathonApp) -> MarathonApp:
    """Both colours as one app: the old one's labels and ports, the tasks of both, the old ones that may go draining.

    `current` is the one that Marathon lists later. Raises GroupError where their labels do not allow it.
    """
    old, new = _by_age(previous, current)
    target = 1
    if NEW_INSTANCES in new.labels:
        if _was_scaled_later(old, new):
            old, new = new, old
        target = _target(new)
    old, new = _coloured(old), _coloured(new)
    healthy = _healthy(new, current)
    drainable = max(0, healthy + _instances(old) - target)
    tasks = sorted(old.tasks or [], key=lambda task: task.id or "")
    draining = min(len(tasks), healthy, drainable)
    marked = [task._replace(draining=True) for task in tasks[:draining]] + tasks[draining:]
    return replace(old, tasks=marked + (new.tasks or []))


def _coloured(app: MarathonApp) -> MarathonApp:
    """The app, whose tasks know whose they are; those of a group that is merged already do."""
    return replace(app, tasks=[task._replace(colour=task.colour or app.ref.written) for task in app.tasks or []])


def _by_age(previous: MarathonApp, current: MarathonApp) -> tuple[MarathonApp, MarathonApp]:
    """The older and the newer app; of two that began at one time, the one listed first counts as new."""
    try:
        earlier = _date(previous, STARTED) < _date(current, STARTED)
    except (TypeError, ValueError):
        raise GroupError(
            current, STARTED, "has a time zone where the other colour's has none, or the other way round"
        ) from None
    return (previous, current) if earlier else (current, previous)


def _date(app: MarathonApp, label: str) -> datetime:
    text = app.labels.get(label)
    date = datetime.min if text is None else parsed_date(text)
    if date is None:
        raise GroupError(app, label, f'should be a date, is "{text:.60}"')
    return date


def parsed_date(text: str) -> datetime | None:
    """The date that Marathon-LB reads in the text, with a time zone or without; None where it reads none."""
    from dateutil import parser

    try:
        with warnings.catch_warnings():
            # A zone by a name that is known nowhere counts as none, as in Marathon-LB; that is no news for a terminal.
            warnings.simplefilter("ignore")
            return parser.parse(text)
    except (ValueError, OverflowError):
        return None


def _was_scaled_later(old: MarathonApp, new: MarathonApp) -> bool:
    # Marathon has yet to note when a definition was scaled: nobody has changed the roles that the dates say.
    if any("tasks" not in app.fields and "versionInfo" not in app.fields for app in (old, new)):
        return False
    try:
        return _scaled_at(old, new) > _scaled_at(new, old)
    except (TypeError, ValueError):
        message = "needs versionInfo.lastScalingAt of both colours with a time zone, or of both without"
        raise GroupError(new, NEW_INSTANCES, message) from None


def _scaled_at(app: MarathonApp, other: MarathonApp) -> datetime:
    text = (app.fields.get("versionInfo") or {}).get("lastScalingAt")
    date = None if text is None else parsed_date(text)
    if date is None:
        labelled = app if NEW_INSTANCES in app.labels else other
        message = f"needs versionInfo.lastScalingAt of both colours, which {app.ref.written} lacks"
        raise GroupError(labelled, NEW_INSTANCES, message)
    return date


def _target(new: MarathonApp) -> int:
    text = new.labels.get(TARGET)
    if text is None:
        raise GroupError(new, NEW_INSTANCES, f"needs {TARGET} beside it")
    try:
        return int(text)
    except ValueError:
        raise GroupError(new, TARGET, f'should be a whole number, is "{text:.60}"') from None


def _healthy(new: MarathonApp, current: MarathonApp) -> int:
    if current.fields.get("healthChecks"):
        return sum(1 for task in new.tasks or [] if any(task.results or ()))
    return _instances(new)


def _instances(app: MarathonApp) -> int:
    instances = app.fields.get("instances")
    if instances is None:
        raise GroupError(app, GROUP, 'needs the "instances" of both colours')
    return int(instances)
