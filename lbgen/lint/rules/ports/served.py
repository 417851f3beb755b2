"""The services of an app that get a frontend."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App
    from lbgen.model.service import Service


def served(app: App) -> Iterator[Service]:
    """Services that a load balancer is asked for; not those switched off, nor those that an empty frontend hides."""
    for service in app.services if app.groups else ():
        hidden = "FRONTEND_HEAD" in service.overrides and not service.overrides["FRONTEND_HEAD"].strip()
        if service.enabled is not False and not hidden:
            yield service
