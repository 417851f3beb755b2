"""What the labels of an app put in place of templates, with what each is used for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.marathon.labels import TEMPLATE_LABELS
from lbgen.marathon.plan import PlanOptions
from lbgen.marathon.templates import TEMPLATES
from lbgen.marathon.used_templates import used

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.context import Context
    from lbgen.lint.subjects import App, Label
    from lbgen.marathon.used_templates import Use
    from lbgen.model.service import Service
    from lbgen.render.templates import Template


class Override(NamedTuple):
    """A label that replaces templates of a service; `uses` are those, none where its text is never read."""

    label: Label
    service: Service
    uses: tuple[Use, ...]

    @property
    def name(self) -> str:
        """The template's name."""
        return self.label.name or ""

    @property
    def row(self) -> Template:
        """What may be done with the template."""
        return TEMPLATES[self.uses[0].template if self.uses else self.name]

    @property
    def text(self) -> str:
        """The label's text."""
        return self.label.text


class Line(NamedTuple):
    """A line of a label's text without its end; `start` counts characters from the start of the text."""

    start: int
    text: str


def overrides(app: App) -> tuple[Override, ...]:
    """The labels of the app that stand for templates of its services, used or not."""
    if "overrides" not in app.memo:
        app.memo["overrides"] = tuple(_overrides(app))
    found: tuple[Override, ...] = app.memo["overrides"]
    return found


def _overrides(app: App) -> Iterator[Override]:
    for label in app.labels:
        if label.name in TEMPLATE_LABELS and label.index is not None and label.index < len(app.services):
            service = app.services[label.index]
            uses = uses_of(service, app)
            yield Override(label, service, tuple(use for use in uses if use.label == label.name))


def used_overrides(app: App) -> Iterator[Override]:
    """Those of `overrides` that something is written with."""
    return (override for override in overrides(app) if override.uses)


def uses_of(service: Service, app: App) -> tuple[Use, ...]:
    """The templates that one of the app's services is written with."""
    by_index: dict[int, tuple[Use, ...]] = app.memo.setdefault("uses", {})
    if service.index not in by_index:
        by_index[service.index] = used(service, app.services, plan_options(app.context), operators(app.context))
    return by_index[service.index]


def plan_options(context: Context) -> PlanOptions:
    """What decides which templates are used."""
    return PlanOptions(
        portable=context.portable,
        haproxy_map=context.haproxy_map,
        bind_http_https=context.bind_http_https,
        group_https_by_vhost=context.group_https_by_vhost,
    )


def operators(context: Context) -> dict[str, str]:
    """The texts that the operator put in place of templates, by name."""
    return {name: replacement.text for name, replacement in context.templates.items()}


def lines(text: str) -> Iterator[Line]:
    """The lines of a text."""
    start = 0
    for line in text.split("\n"):
        yield Line(start, line.removesuffix("\r"))
        start += len(line) + 1
