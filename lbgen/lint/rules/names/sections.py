"""What the sections of a load balancer are called, and whose they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lbgen.marathon import names
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.model.service import Service
    from lbgen.origin import Origin

_HEADS = ("FRONTEND_HEAD", "BACKEND_HEAD", "USERLIST_HEAD")
_HEADER = regex(r"^[ \t]*(userlist|frontend|backend|listen)[ \t]+([A-Za-z0-9._:{}-]+)", re.MULTILINE)
_ITS_OWN = "the load balancer"
_OWN_FRONTENDS = frozenset({"marathon_http_in", "marathon_https_in", "marathon_http_appid_in", "stats"})
_OWN_VHOSTS = frozenset({"stats", "marathon_http", "marathon_https", "marathon_http_appid"}) | _OWN_FRONTENDS


def _named(service: Service) -> str:
    return f"{service.app.written}:{service.port}"


def _backend(service: Service) -> str:
    return names.backend_name(service.app.id, service.port)


def services_by_name(services: Sequence[Service]) -> dict[str, list[Service]]:
    """The services by the name of their backend; those come first whose port is their own, as Marathon gave it."""
    by_name: dict[str, list[Service]] = {}
    ordered = sorted(
        services, key=lambda it: (it.port != it.declared_port, it.app.id, it.index, it.app.document, it.app.pointer)
    )
    for service in ordered:
        by_name.setdefault(_backend(service), []).append(service)
    return by_name


class Opened(NamedTuple):
    """A section that a label opens; `holder` says whose the name is already, empty if it is nobody's."""

    kind: str
    name: str
    origin: Origin
    holder: str


def opened(services: Sequence[Service]) -> Iterator[Opened]:
    """The sections that labels open under names that are not the service's own."""
    replaced = {(_kind(head), _backend(it)) for it in services for head in _HEADS if head in it.overrides}
    owners: dict[tuple[str, str], tuple[Service | None, str]] = {}
    for name in _OWN_FRONTENDS:
        owners["frontend", name] = None, _ITS_OWN
    for service in services:
        for kind in ("frontend", "backend"):
            if (kind, _backend(service)) not in replaced:
                owners[kind, _backend(service)] = service, _named(service)
    for service in services:
        for head in _HEADS:
            for found in _HEADER.finditer(service.overrides.get(head, "")):
                yield from _one(service, head, found, owners)


def _one(
    service: Service, head: str, found: re.Match[str], owners: dict[tuple[str, str], tuple[Service | None, str]]
) -> Iterator[Opened]:
    kind = found[1]
    name = found[2].replace("{backend}", _backend(service)).replace("{servicePort}", str(service.port))
    if "{" in name:
        return
    sides = ("frontend", "backend") if kind == "listen" else (kind,)
    held = next((owners[side, name] for side in sides if (side, name) in owners), None)
    if held is not None and held[0] is not service:
        origin = service.because(head).origin().narrowed(found.start(2), found.end(2))
        yield Opened(kind, name, origin, held[1])
    for side in sides:
        owners.setdefault((side, name), (service, _named(service)))


def _kind(head: str) -> str:
    return head.partition("_")[0].lower()


class Vhost(NamedTuple):
    """A vhost whose section has a name that somebody else's has already."""

    vhost: str
    name: str
    origin: Origin
    holder: str


def vhosts_by_name(services: Sequence[Service]) -> Iterator[Vhost]:
    """The vhosts whose sections, where 443 is grouped by vhost, have a name that is taken."""
    backends = {_backend(service): service for service in services}
    first: dict[str, str] = {}
    for service in services:
        for vhost in dict.fromkeys(filter(None, map(str.strip, service.vhosts))):
            name = names.clean(vhost)
            other = first.setdefault(name, vhost)
            holder = _ITS_OWN if name in _OWN_VHOSTS else f"the vhost {other}" if other != vhost else ""
            if not holder and name in backends:
                holder = _named(backends[name])
            if holder:
                yield Vhost(vhost, name, vhost_origin(service, vhost), holder)


def vhost_origin(service: Service, vhost: str) -> Origin:
    """The vhost within the service's label."""
    origin = service.because("VHOST").origin()
    start = service.labels.get("VHOST", "").lower().find(vhost)
    return origin.narrowed(start, start + len(vhost)) if start >= 0 else origin
