"""What a dialect promises to answer, worked out from the labels alone.

Marathon-LB's promise has no deviation; the portable dialect's has all of them. A deviation goes by the name of the
finding that lbgen reports it with; docs/deviations.md says what it is and why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration.traffic.request import Outcome
from lbgen.marathon import names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from integration.traffic.fleet import Fleet, Service
    from integration.traffic.request import Request

DEVIATIONS = frozenset(
    {
        "acl-separated",
        "app-id-lower-cased",
        "auth-enforced-everywhere",
        "behind-the-map",
        "map-not-grouped",
        "redirect-spares-routes",
    }
)
NOBODY, CLOSED, DENIED = Outcome("nobody"), Outcome("closed"), Outcome("denied")
_MAP_WEIGHT = -1


def promises(fleet: Fleet, deviations: Iterable[str]) -> Promise:
    """What the fleet's configuration does with requests, if it is written with these deviations."""
    return Promise(fleet, frozenset(deviations))


class Promise:
    """A fleet and the deviations with which it is served."""

    def __init__(self, fleet: Fleet, deviations: frozenset[str]) -> None:
        self._fleet = fleet
        self._does = deviations
        self._services = fleet.services()
        self._routed = [service for service in self._services if service.port.vhosts]
        self._asks_http_map = next((s for s in self._routed if self._mapped_http(s)), None)
        self._asks_https_map = next((s for s in self._routed if self._mapped_https(s)), None)

    def outcome(self, request: Request) -> Outcome:
        """What becomes of the request."""
        doors: dict[int, Callable[[Request], Outcome]] = {9091: self._by_app_id}
        if self._fleet.bound:
            doors |= {80: self._http, 443: self._grouped if self._fleet.grouped else self._https}
        return doors.get(request.port, self._service_port)(request)

    # The doors

    def _service_port(self, request: Request) -> Outcome:
        service = next((s for s in self._services if s.port.number == request.port), None)
        if service is None or service.port.more.get("FRONTEND_HEAD") == "":
            return CLOSED
        return self._guard(service, request) or _backend(service, request)

    def _by_app_id(self, request: Request) -> Outcome:
        wanted = request.app_id.lower()
        first = self._first_http_services()
        for service in first:
            if service.app.lower() == wanted and (login := self._guard(service, request)):
                return login
        for service in first:
            if wanted in self._ids(service, first):
                return _backend(service, request)
        return NOBODY

    def _guard(self, service: Service, request: Request) -> Outcome | None:
        """A door that Marathon-LB leaves open."""
        login = service.port.login
        if login is None or "auth-enforced-everywhere" not in self._does or not service.port.http:
            return None
        return None if request.credentials == login.credentials else Outcome("login", login.realm)

    def _first_http_services(self) -> list[Service]:
        found: dict[str, Service] = {}
        for service in self._services:
            if service.port.http:
                found.setdefault(service.app, service)
        return list(found.values())

    def _ids(self, service: Service, others: Sequence[Service]) -> set[str]:
        """The app ids, in lower case, that lead to the service."""
        if self._fleet.maps:
            known = "app-id-lower-cased" in self._does or service.app == service.app.lower()
            return {service.app.lower()} if known else set()
        if "acl-separated" in self._does:
            return {service.app.lower()}
        return {other.app.lower() for other in others if names.clean(other.app) == names.clean(service.app)}

    def _http(self, request: Request) -> Outcome:
        host = request.host.lower()
        ordered = sorted(self._routed, key=lambda s: -self._weight(s))
        matching = [s for s in ordered if host in self._hosts(s) and _path_matches(s, request)]
        for service in matching:
            asks = service.port.login and not service.port.redirect
            if asks and not self._authorised(service, request, self._writing_auth()):
                return _login(service)
        for service in matching:
            if service.port.redirect and not self._spared(service, request):
                return Outcome("https", f"{self._code(service)} https://{request.host}{request.path}")
        behind = self._position(self._asks_http_map)
        routes = [s for s in matching if _has_http_route(s) and not self._mapped_http(s)]
        return self._routed_to(routes, behind, lambda: self._in_map(host.partition(":")[0]), request)

    def _https(self, request: Request) -> Outcome:
        name = request.server_name or ""
        ordered = sorted(self._routed, key=lambda s: -self._https_weight(s))
        matching = [s for s in ordered if name in s.port.vhosts and _path_matches(s, request)]
        return self._decrypted(matching, request, self._routed, self._position(self._asks_https_map))

    def _grouped(self, request: Request) -> Outcome:
        name = (request.server_name or "").lower()
        group = [service for service in self._routed if name in service.port.vhosts and self._has_group(service, name)]
        if not group:
            return CLOSED
        ordered = sorted(group, key=lambda s: -self._https_weight(s))
        matching = [s for s in ordered if request.server_name in s.port.vhosts and _path_matches(s, request)]
        asking = self._asks_https_map
        asks = asking is not None and name == asking.port.vhosts[0]
        return self._decrypted(matching, request, group, self._position(asking if asks else None))

    def _decrypted(
        self, matching: Sequence[Service], request: Request, sharing: Sequence[Service], behind: int | None
    ) -> Outcome:
        for service in matching:
            if service.port.login and not self._authorised(service, request, sharing):
                return _login(service)
        routes = [service for service in matching if not self._mapped_https(service)]
        return self._routed_to(routes, behind, lambda: self._in_map((request.server_name or "").lower()), request)

    # Weights and maps

    def _weight(self, service: Service) -> int:
        """The weight on 80; a service that asks the map, on either port, stands where the map does."""
        asking = (self._asks_http_map, self._asks_https_map)
        return _MAP_WEIGHT if service in asking else _own_weight(service)

    def _https_weight(self, service: Service) -> int:
        """The weight on 443, where rules may stand for the map."""
        port = service.port
        instead = self._fleet.maps and not self._mapped_https(service) and not (port.path or port.login)
        return _MAP_WEIGHT if instead else self._weight(service)

    def _position(self, asking: Service | None) -> int | None:
        """Which place in the order of services the rule that asks the map has; None if there is no such rule."""
        return None if asking is None else self._services.index(asking)

    def _routed_to(
        self, routes: Sequence[Service], behind: int | None, in_map: Callable[[], Service | None], request: Request
    ) -> Outcome:
        """The first of the routes, or what the map says where it is asked before."""
        if behind is None:
            return _backend(routes[0], request) if routes else NOBODY
        for service in routes:
            before = (-self._weight(service), self._services.index(service)) < (-_MAP_WEIGHT, behind)
            if before:
                return _backend(service, request)
        found = in_map()
        if found is None and "behind-the-map" in self._does and routes:
            found = routes[0]
        return NOBODY if found is None else _backend(found, request)

    def _in_map(self, host: str) -> Service | None:
        mapped = (s for s in self._routed if self._mapped_http(s) or self._mapped_https(s))
        return next((service for service in mapped if host in service.port.vhosts), None)

    def _mapped_http(self, service: Service) -> bool:
        port = service.port
        return self._fleet.maps and not (port.path or port.login or port.redirect)

    def _mapped_https(self, service: Service) -> bool:
        port = service.port
        if self._fleet.grouped and "map-not-grouped" in self._does:
            return False
        return self._fleet.maps and not (port.path or port.login)

    def _has_group(self, service: Service, vhost: str) -> bool:
        """Whether the service makes a group for the vhost; one without rules, certificate and bind options does not."""
        asking = self._asks_https_map
        asks = asking is not None and service == asking and vhost == service.port.vhosts[0]
        return asks or not self._mapped_https(service) or bool(service.port.certificate or service.port.bind_options)

    # ACLs, which Marathon-LB lets services share

    def _hosts(self, service: Service) -> set[str]:
        """The values of the Host header that the service's rules on 80 match."""
        if "acl-separated" in self._does:
            return set(service.port.vhosts)
        writing = (s for s in self._routed if not self._mapped_http(s) and _shared_name(s) == _shared_name(service))
        return {vhost for other in writing for vhost in other.port.vhosts}

    def _writing_auth(self) -> list[Service]:
        """The services that write an ACL about credentials on 80."""
        return [s for s in self._routed if not s.port.redirect or (s.port.path and len(s.port.vhosts) > 1)]

    def _authorised(self, service: Service, request: Request, sharing: Sequence[Service]) -> bool:
        login = service.port.login
        own = [login.credentials] if login else []
        if "acl-separated" not in self._does:
            same = (other for other in sharing if _shared_name(other) == _shared_name(service))
            own += [other.port.login.credentials for other in same if other.port.login]
        return request.credentials in own

    def _spared(self, service: Service, request: Request) -> bool:
        """Whether the redirect leaves the request to a service that stands before it."""
        if "redirect-spares-routes" not in self._does:
            return False
        host = request.host.lower()
        ranks = sorted(self._services, key=lambda s: -_own_weight(s))
        before = ranks[: ranks.index(service)]
        open_ones = (s for s in before if s.port.path and not s.port.redirect and host in s.port.vhosts)
        known = [other for other in open_ones if not self._replaced(other)]
        ours = host in service.port.vhosts and not self._replaced(service)
        return ours and any(_path_matches(other, request) for other in known)

    def _code(self, service: Service) -> int:
        """The status of the service's redirect; the environments of the fleets make it 308, or leave it alone."""
        return 308 if self._replaced(service) else 301

    def _replaced(self, service: Service) -> bool:
        """Whether a label or the environment replaces a rule that the service has on 80."""
        port = service.port
        if port.redirect:
            return not port.path and "HAPROXY_BACKEND_REDIRECT_HTTP_TO_HTTPS" in self._fleet.environment
        plain = port.path and not port.login and len(port.vhosts) == 1
        return bool(plain) and "HTTP_FRONTEND_ACL_WITH_PATH" in port.more


def explanations(fleet: Fleet, requests: Iterable[Request]) -> dict[Request, set[str]]:
    """For requests whose outcome differs, the deviations that alone make it differ, or whose lack unmakes that."""
    none, every = promises(fleet, ()), promises(fleet, DEVIATIONS)
    alone = {name: promises(fleet, {name}) for name in DEVIATIONS}
    without = {name: promises(fleet, DEVIATIONS - {name}) for name in DEVIATIONS}
    found = {}
    for request in requests:
        old, new = none.outcome(request), every.outcome(request)
        if old != new:
            found[request] = {
                name
                for name in DEVIATIONS
                if alone[name].outcome(request) != old or without[name].outcome(request) != new
            }
    return found


def _own_weight(service: Service) -> int:
    weight = service.port.weight or 0
    return 1 if service.port.path and not weight else weight


def _shared_name(service: Service) -> str:
    return names.host_acl_name(service.port.vhosts[0], service.app)


def _has_http_route(service: Service) -> bool:
    port = service.port
    return not port.redirect or not (port.path or len(port.vhosts) > 1)


def _login(service: Service) -> Outcome:
    login = service.port.login
    return Outcome("login", login.realm if login else "")


def _path_matches(service: Service, request: Request) -> bool:
    prefixes = service.port.path.split()
    path = request.path.partition("?")[0]
    if prefixes[:1] == ["-i"]:
        prefixes, path = [prefix.lower() for prefix in prefixes[1:]], path.lower()
    return not prefixes or any(path.startswith(prefix) for prefix in prefixes)


def _backend(service: Service, request: Request) -> Outcome:
    """What the backend does: it may deny a network, and redirect the root."""
    port = service.port
    if port.networks == NOWHERE:
        return DENIED if port.http else CLOSED
    hostname = ",".join(port.vhosts) or "none"
    if port.http and port.root and request.path.partition("?")[0] == "/" and request.host.lower() == hostname:
        return Outcome("root", port.root)
    return Outcome("served", service.name)


NOWHERE, EVERYWHERE = "192.0.2.0/24", "0.0.0.0/1 128.0.0.0/1"
"""Networks that no client is in, and that every client is in."""
