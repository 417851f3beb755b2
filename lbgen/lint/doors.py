"""By which doors a service is reached, other than 80 and 443: its service port, and the port for app ids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lbgen.haproxy.addresses import is_loopback
from lbgen.lint.label_templates import operators, uses_of
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App
    from lbgen.marathon.used_templates import Use
    from lbgen.model.service import Service

APP_ID_PORT = "9091"
_ASKS = regex(r"http-request\s+auth|http_auth\(")
_BACKEND = ("BACKEND_HEAD", "BACKEND_HTTP_OPTIONS")
_APP_ID = frozenset({"HTTP_FRONTEND_APPID_ACL", "MAP_HTTP_FRONTEND_APPID_ACL"})


class Door(NamedTuple):
    """A way to a service. `guarded` tells whether the portable dialect asks for the password there."""

    name: str
    guarded: bool


def side_doors(service: Service, app: App) -> Iterator[Door]:
    """The doors that no label closes, and whose lines do not ask for a password by themselves."""
    if any(_ASKS.search(service.overrides.get(name, "")) for name in _BACKEND):
        return
    uses = {use.template: use for use in uses_of(service, app)}
    if "FRONTEND_BACKEND_GLUE" in uses and not _is_closed(service):
        yield Door(f"the service port {service.port}", "PORTABLE_FRONTEND_AUTH" in uses)
    if on_app_id_port(service, app, uses):
        yield Door(APP_ID_PORT, "PORTABLE_APPID_AUTH" in uses)


def on_app_id_port(service: Service, app: App, uses: dict[str, Use] | None = None) -> bool:
    """Whether 9091 leads to the service, for whoever names the app, from another machine, without more ado."""
    found = {use.template: use for use in uses_of(service, app)} if uses is None else uses
    own = service.overrides.get("HTTP_FRONTEND_APPID_ACL")
    if not _APP_ID & found.keys() or (own is not None and (not own.strip() or _ASKS.search(own))):
        return False
    head = operators(app.context).get("HTTP_FRONTEND_APPID_HEAD")
    binds = re.findall(r"^[ \t]*bind[ \t]+(\S+)", head, re.MULTILINE) if head is not None else []
    return head is None or not all(is_loopback(address) for bind in binds for address in bind.split(","))


def _is_closed(service: Service) -> bool:
    glue = service.overrides.get("FRONTEND_BACKEND_GLUE")
    if glue is not None and not glue.strip():
        return True
    asks = any(_ASKS.search(service.overrides.get(name, "")) for name in ("FRONTEND_HEAD", "FRONTEND_BACKEND_GLUE"))
    return asks or is_loopback(f"{service.bind_addr}:{service.port}")
