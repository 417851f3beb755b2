"""What rules ask of an app's labels: which of them count, the items of their lists, and how to rewrite them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.finding import Edit, Fix
from lbgen.marathon.labels import BY_NAME
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App, Label
    from lbgen.marathon.labels import Label as Row
    from lbgen.model.service import Service


class Item(NamedTuple):
    """A part of a label's text, from character `start` up to `end`."""

    text: str
    start: int
    end: int


_BY_BLANK = regex(r"\S+")


def by_comma(text: str) -> Iterator[Item]:
    """The items between commas, empty ones too, with the blanks around them."""
    start = 0
    for part in text.split(","):
        yield Item(part, start, start + len(part))
        start += len(part) + 1


def by_blank(text: str) -> Iterator[Item]:
    """The words."""
    return (Item(match[0], match.start(), match.end()) for match in _BY_BLANK.finditer(text))


def read_labels(app: App) -> Iterator[tuple[Label, Row]]:
    """The labels of the app's service ports, templates aside, each with its row of the label table."""
    for label in app.labels:
        row = BY_NAME.get(label.name or "")
        if row is not None and label.index is not None and label.index < (len(app.ports) or label.index + 1):
            yield label, row


def asked(app: App) -> Iterator[Service]:
    """The services of the app that some load balancer is asked to serve."""
    by_app = any(label.key == "HAPROXY_GROUP" for label in app.labels)
    for service in app.services:
        if service.enabled is not False and (by_app or service.groups is not None):
            yield service


def faultless(app: App, service: Service, name: str) -> bool:
    """Whether this label of the service, if it is there, has a value that can be read."""
    at = service.app.label(f"HAPROXY_{service.index}_{name}").at
    return all(fault.origin is None or fault.origin.pointer != at for fault in app.faults)


def rewritten(label: Label, text: str, message: str, *, safe: bool) -> Fix:
    """The label with another text."""
    return Fix(message, (Edit(label.origin.document, text, label.origin.pointer),), safe)


def replaced(label: Label, item: Item, text: str, message: str, *, safe: bool) -> Fix:
    """The label with another text in place of one of its items."""
    edit = Edit(label.origin.document, text, label.origin.pointer, item.start, item.end)
    return Fix(message, (edit,), safe)
