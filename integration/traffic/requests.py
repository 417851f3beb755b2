"""The requests to try a fleet with: each service by every door, and then whatever chance brings."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import TYPE_CHECKING

from integration.traffic.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from integration.traffic.fleet import Fleet, Service

MOST = 150
"""How many requests are made of a fleet, at the most, out of all that there are."""


def requests(fleet: Fleet, most: int = MOST) -> list[Request]:
    """Requests of the fleet, always the same ones for the same fleet."""
    possible = list(dict.fromkeys(_possible(fleet)))
    if len(possible) <= most:
        return possible
    return Random(fleet.name).sample(possible, most)


def _possible(fleet: Fleet) -> Iterator[Request]:
    for service in fleet.services():
        if fleet.bound:
            yield from _by_vhost(fleet, service)
        yield from _by_service_port(service)
    yield from _by_app_id(fleet)
    yield from _astray(fleet)


def _by_vhost(fleet: Fleet, service: Service) -> Iterator[Request]:
    for vhost, path, credentials in product(service.port.vhosts, _paths(fleet, service), _credentials(fleet)):
        yield Request(80, path, vhost, credentials)
        for http2 in (False, True):
            yield Request(443, path, vhost, credentials, tls=True, server_name=vhost, http2=http2)


def _paths(fleet: Fleet, service: Service) -> list[str]:
    """Paths within the service's prefixes, beside them, and within those of others on its vhosts."""
    prefixes = [prefix for prefix in service.port.path.split() if prefix != "-i"]
    made = [f"{prefix}{rest}" for prefix in prefixes for rest in ("", "/x?q=1", "lication")]
    made += [prefix.swapcase() for prefix in prefixes]
    others = (other.port for other in fleet.services() if set(other.port.vhosts) & set(service.port.vhosts))
    made += [f"{prefix}/y" for port in others for prefix in port.path.split() if prefix != "-i"]
    return list(dict.fromkeys(["/", "/else%20where", *made]))


def _credentials(fleet: Fleet) -> list[str]:
    """None, wrong ones, and those of every login there is."""
    logins = {service.port.login for service in fleet.services() if service.port.login}
    return ["", "amber:wrong", *sorted(login.credentials for login in logins)]


def _by_service_port(service: Service) -> Iterator[Request]:
    port = service.port
    tls = bool(port.certificate)
    if not port.http:
        yield Request(port.number, tls=tls)
        return
    login = ["amber:wrong", port.login.credentials] if port.login else []
    for credentials, http2 in product(["", *login], (False, True) if tls else (False,)):
        for host in (*port.vhosts[:1], "nobody.example.org"):
            yield Request(port.number, "/", host, credentials, tls=tls, http2=http2)
        yield Request(port.number, "/app?x=%2F", credentials=credentials, tls=tls, http2=http2)
    if port.sticky:
        yield Request(port.number, cookie="mesosphere_server_id=none", tls=tls)


def _by_app_id(fleet: Fleet) -> Iterator[Request]:
    for app, credentials in product(fleet.apps, _credentials(fleet)):
        for app_id in (app.id, app.id.swapcase()):
            yield Request(9091, "/", credentials=credentials, app_id=app_id)
    for app_id in ("", "/nobody"):
        yield Request(9091, "/", app_id=app_id)


def _astray(fleet: Fleet) -> Iterator[Request]:
    """Names in capitals, with ports, of other doors, of nobody, and none at all."""
    vhosts = sorted({vhost for service in fleet.services() for vhost in service.port.vhosts})[: 4 if fleet.bound else 1]
    for vhost, path in product([*vhosts, "nobody.example.org"], ("/", "/app")):
        for host in (vhost, vhost.upper(), f"{vhost}:80", f"{vhost.title()}:8080"):
            yield Request(80, path, host)
        for name in (vhost, vhost.upper(), None):
            yield Request(443, path, vhost, tls=True, server_name=name)
        yield Request(443, path, "nobody.example.org", tls=True, server_name=vhost)
        yield Request(443, path, f"{vhost}:443", tls=True, server_name=vhost)
        yield Request(443, path, f"{vhost}:8443", tls=True, server_name=vhost, http2=True)
