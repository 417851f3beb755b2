"""From services to a pool of Edge-LB, which can say more than labels can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.convert.doors import AUTO_CERTIFICATE, HTTP, HTTPS, PORTS, SERVICE
from lbgen.convert.overrides import HEADERS
from lbgen.convert.to_labels import certificates
from lbgen.convert.together import in_order
from lbgen.edgelb.auto_value import secret_file
from lbgen.edgelb.traced import From, untraced

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lbgen.convert.doors import ConvertOptions, Moving, Route
    from lbgen.origin import Origin

STATS_PORT = 9090
"""Where both products have their statistics."""
_WITHOUT_HEADERS = {"forwardfor": False, "xForwardedPort": False, "xForwardedProtoHttpsIfTls": False}


def pool_of(
    name: str, services: Sequence[Moving], spared: Sequence[Route], options: ConvertOptions
) -> tuple[Mapping[str, Any], Mapping[str, Origin]]:
    """The pool of the services that have a door, and by pointer into it where its values come from."""
    moving = [each for each in services if each.doors]
    frontends = [*_shared(moving, spared, options), *_own(moving)]
    named = {name for each in moving for door in each.doors for name in certificates(each, door, options)}
    secrets = sorted(named - {AUTO_CERTIFICATE})
    return untraced(
        {
            "apiVersion": "V2",
            "name": name,
            "count": 1,
            **({"autoCertificate": True} if AUTO_CERTIFICATE in named else {}),
            **({"secrets": [{"secret": secret, "file": secret_file(secret)} for secret in secrets]} if secrets else {}),
            "haproxy": {
                "stats": {"bindPort": STATS_PORT},
                "frontends": frontends,
                "backends": [_backend(members) for members in _together(moving).values()],
            },
        }
    )


def _together(services: Sequence[Moving]) -> dict[str, list[Moving]]:
    """The services of each backend: colours of one app share theirs."""
    made: dict[str, list[Moving]] = {}
    for each in services:
        made.setdefault(each.backend, []).append(each)
    return made


def _origin(moving: Moving, *labels: str) -> Origin:
    return moving.service.because(*labels).origin()


def _certificate(name: str) -> str:
    return name if name == AUTO_CERTIFICATE else f"$SECRETS/{secret_file(name)}"


def _shared(services: Sequence[Moving], spared: Sequence[Route], options: ConvertOptions) -> Iterator[dict[str, Any]]:
    """The frontends of ports 80 and 443."""
    for door in (HTTP, HTTPS):
        inside = [each for each in in_order(services) if door in each.doors]
        if not inside:
            continue
        made: dict[str, Any] = {"bindPort": PORTS[door], "protocol": door.upper()}
        if door == HTTPS:
            made["certificates"] = [_certificate(name) for name in certificates(inside[0], door, options)]
        redirecting = [each for each in inside if each.service.redirect_to_https]
        if door == HTTP and redirecting:
            kept = [{"host": route.host, **_below(route)} for route in spared]
            made["redirectToHttps"] = From({"except": kept}, _origin(redirecting[0], "REDIRECT_TO_HTTPS"))
        rules: dict[tuple[Route, str], From] = {}
        for each in inside:
            for route in each.routes:
                rules.setdefault((route, each.backend), _rule(each, route))
        yield {**made, "linkBackend": {"map": list(rules.values())}}


def _below(route: Route) -> dict[str, str]:
    return {"pathBeg": route.path} if route.path else {}


def _rule(moving: Moving, route: Route) -> From:
    value = {"hostEq": From(route.host, _origin(moving, "VHOST")), **_below(route), "backend": moving.backend}
    return From(value, _origin(moving, "PATH", "VHOST"))


def _own(services: Sequence[Moving]) -> Iterator[From]:
    """The frontends of service ports."""
    first = {each.port: each for each in reversed(services) if SERVICE in each.doors}
    for moving in (each for each in services if first.get(each.port) is each):
        service = moving.service
        http = "HTTPS" if moving.secrets else "HTTP"
        made: dict[str, Any] = {
            "bindPort": From(moving.port, _origin(moving, "PORT")),
            "protocol": "TCP" if service.mode == "tcp" else http,
        }
        if service.bind_addr not in {"*", "0.0.0.0", ""}:  # noqa: S104 - a pool's default
            made["bindAddress"] = From(service.bind_addr, _origin(moving, "BIND_ADDR"))
        if service.bind_options:
            made["bindModifier"] = From(service.bind_options, _origin(moving, "BIND_OPTIONS"))
        if moving.secrets:
            made["certificates"] = [From(_certificate(name), _origin(moving, "SSL_CERT")) for name in moving.secrets]
        yield From({**made, "linkBackend": {"defaultBackend": moving.backend}}, _origin(moving, "PORT"))


def _backend(members: Sequence[Moving]) -> From:
    """The backend of these services, as the first of them has it."""
    moving = members[0]
    service = moving.service
    static = moving.static
    plain = "TCP" if service.mode == "tcp" else "HTTP"
    made: dict[str, Any] = {
        "name": moving.backend,
        "protocol": "HTTPS" if static is not None and static.tls else plain,
    }
    if "BALANCE" in service.labels and service.balance:
        made["balance"] = From(service.balance, _origin(moving, "BALANCE"))
    if check := _custom_check(moving):
        made["customCheck"] = check
    if lines := list(_lines(moving)):
        made["miscStrs"] = lines
    if rewrite := _rewrite(moving):
        made["rewriteHttp"] = rewrite
    return From({**made, "services": [each for member in members for each in _services(member)]}, _origin(moving))


def _lines(moving: Moving) -> Iterator[From]:
    """The lines of the backend that nothing else of a pool says."""
    service = moving.service
    http = service.mode == "http"
    if service.use_hsts and http:
        line = "http-response add-header Strict-Transport-Security max-age=15768000"
        yield From(line, _origin(moving, "USE_HSTS"))
    if service.network_allowed and service.network_allowed.strip():
        verbs = ("http-request allow", "http-request deny")
        allow, deny = verbs if http else ("tcp-request content accept", "tcp-request content reject")
        networks = [f"acl network_allowed src {network}" for network in service.network_allowed.split()]
        for line in (*networks, f"{allow} if network_allowed", deny):
            yield From(line, _origin(moving, "BACKEND_NETWORK_ALLOWED_ACL"))
    hosts = list(dict.fromkeys(route.host for route in moving.routes))
    if service.redir_path and http and hosts:
        acls = ["acl is_root path -i /", *(f"acl is_domain hdr(host) -i {host}" for host in hosts)]
        for line in (*acls, f"redirect code 301 location {service.redir_path} if is_domain is_root"):
            yield From(line, _origin(moving, "HTTP_BACKEND_REDIR"))
    for line in moving.static.lines if moving.static else ():
        yield From(line, _origin(moving, "BACKEND_SERVER_OPTIONS"))


def _rewrite(moving: Moving) -> dict[str, Any]:
    service = moving.service
    if service.mode != "http":
        return {}
    made: dict[str, Any] = {}
    cut, put = service.proxypass_path, service.revproxy_path
    path = cut if cut and cut.startswith("/") else put
    if path and path.startswith("/"):
        label = "HTTP_BACKEND_PROXYPASS_PATH" if path == cut else "HTTP_BACKEND_REVPROXY_PATH"
        made["path"] = From({"fromPath": path, "toPath": "/"}, _origin(moving, label))
        if path != cut:
            made["request"] = {"rewritePath": False}
        if path != put:
            made["response"] = {"rewriteLocation": False}
        if path == cut and len({route.host for route in moving.routes}) == 1:
            made["host"] = From(moving.routes[0].host, _origin(moving, "VHOST"))
    if not service.overrides.get(HEADERS, "-").strip():
        made["request"] = {**made.get("request", {}), **_WITHOUT_HEADERS}
    if service.sticky:
        made["sticky"] = From({}, _origin(moving, "STICKY"))
    return made


def _custom_check(moving: Moving) -> dict[str, Any]:
    service, check = moving.service, moving.service.check
    if check is None or service.mode != "http" or check.connects_only or moving.static is not None:
        return {}
    raw, origin = check.raw, service.app.because(check.pointer).origin()
    made: dict[str, Any] = {"httpchk": True, "httpchkMiscStr": From(f"GET {raw.get('path') or '/'}", origin)}
    if raw.get("timeoutSeconds") is not None:
        made["miscStr"] = From(f"timeout check {raw['timeoutSeconds']}s", origin)
    return made


def _server_check(moving: Moving) -> dict[str, Any]:
    service, check = moving.service, moving.service.check
    if check is None:
        return {}
    raw = check.raw
    words = ["check-ssl verify none"] if check.over_tls and service.mode == "http" else []
    if raw.get("intervalSeconds") is not None:
        words.append(f"inter {raw['intervalSeconds']}s")
    if raw.get("maxConsecutiveFailures") is not None:
        words.append(f"fall {raw['maxConsecutiveFailures'] + 1}")
    if raw.get("port"):
        words.append(f"port {raw['port']}")
    origin = service.app.because(check.pointer).origin()
    return {"check": From({"customStr": " ".join(words)}, origin)} if words else {}


def _services(moving: Moving) -> list[dict[str, Any]]:
    if moving.static is None:
        port = {"allPorts": True} if moving.port_name is None else {"portName": moving.port_name}
        return [{"marathon": {"serviceID": moving.app.id}, "endpoint": {**port, **_server_check(moving)}}]
    return [
        {"endpoint": {"type": "ADDRESS", "address": host, "port": port, **({"miscStr": rest} if rest else {})}}
        for host, port, rest in moving.static.servers
    ]
