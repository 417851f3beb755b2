"""When the colours of a deployment group began, and whether Marathon-LB can tell which one is new."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from lbgen.finding import Edit, Fix, Severity
from lbgen.lint.rule import Problem
from lbgen.marathon.deployment import STARTED, parsed_date
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.lint.subjects import App

_EPOCH = regex(r"[12][0-9]{9}(?:[0-9]{3})?")


class Date(NamedTuple):
    """When a colour began: `at` is None where it does not say, or where `problem` tells why it cannot be read."""

    at: datetime | None
    problem: Problem | None = None

    @property
    def has_zone(self) -> bool:
        """Whether it says where on Earth."""
        return self.at is not None and self.at.utcoffset() is not None


def read_date(app: App) -> Date:
    """The date in the app's label."""
    text = app.app.labels.get(STARTED)
    if text is None:
        return Date(None)
    at = _comparable(parsed_date(text[:100]))
    if at is not None:
        return Date(at)
    origin = app.app.ref.label(STARTED).origin()
    fix = None
    if _EPOCH.fullmatch(text):
        meant = datetime.fromtimestamp(int(text[:10]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        fix = Fix(f'write "{meant}"', (Edit(origin.document, meant, origin.pointer),), safe=True)
    message = f'"{text:.40}" is no date: Marathon-LB stops for all apps'
    return Date(None, Problem(message, origin, 'write it as in "2026-01-31T12:00:00Z"', fix=fix))


def _comparable(date: datetime | None) -> datetime | None:
    """The date, unless its offset is of more than a day: then nothing can be compared with it."""
    try:
        hash(date)
    except (ValueError, OverflowError):
        return None
    return date


def between(members: Sequence[App]) -> Iterator[Problem]:
    """What is wrong with the dates of apps that are one, by id."""
    dates = [(app, read_date(app)) for app in members]
    if any(date.problem for _, date in dates):
        return
    with_zone = [app for app, date in dates if date.has_zone]
    if with_zone and len(with_zone) < len(dates):
        without = next(app for app, date in dates if not date.has_zone)
        for app, date in dates:
            yield _mixed(app, date, without if date.has_zone else with_zone[0])
        return
    seen: dict[datetime | None, App] = {}
    for app, date in dates:
        first = seen.setdefault(date.at, app)
        if first is not app:
            yield _equal(app, first, missing=date.at is None)


def _mixed(app: App, date: Date, other: App) -> Problem:
    origin = app.app.ref.label(STARTED).origin()
    said = "has a time zone, and that of {} has none" if date.has_zone else "has no time zone, and that of {} has one"
    if date.at is None:
        said = "is missing, and that of {} has a time zone"
    fix = None
    if date.at is not None and not date.has_zone:
        text = date.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        fix = Fix(f'write "{text}", if that is the time in UTC', (Edit(origin.document, text, origin.pointer),), False)
    message = f"{said.format(other.id)}: Marathon-LB stops for all apps"
    return Problem(message, origin, "write all dates of a group in UTC, with a Z", fix=fix)


def _equal(app: App, first: App, *, missing: bool) -> Problem:
    when = f"neither this app nor {first.id} says when it began" if missing else f"{first.id} began at the same time"
    message = f"{when}: the order of Marathon's list decides which one is new"
    origin = app.app.ref.label("HAPROXY_DEPLOYMENT_GROUP" if missing else STARTED).origin()
    return Problem(message, origin, f"say it in {STARTED}", severity=Severity.WARNING)
