"""What Edge-LB refuses a pool for, in its words and its order: the first fault alone is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.edgelb import v1
from lbgen.regex import regex
from lbgen.server.refusals import bad

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Object = dict[str, Any]

_NAME = r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"
_FILE = r"^[a-zA-Z0-9][a-zA-Z0-9_-]*$"
_CERTIFICATE = r"^(\$AUTOCERT|\$SECRETS/[A-Za-z0-9_-]+|\$ENVFILE/[A-Za-z0-9_-]+)$"
_PATTERNS = {each: regex(each.removesuffix("$") + r"\Z") for each in (_NAME, _FILE, _CERTIFICATE)}
_CONDITIONS = ("hostEq", "hostReg", "pathBeg", "pathEnd", "pathReg")


def check(version: str, pool: Object) -> None:
    """Raises Refusal for the first fault of the pool, whose defaults are filled in."""
    haproxy = pool.get("haproxy") or {}
    _named("pool.name", pool.get("name"))
    _matching("pool.name", pool["name"], _NAME)
    for part in pool["namespace"].split("/") if pool.get("namespace") else ():
        _matching("pool.namespace", part, _NAME)
    _check_ports(haproxy)
    _check_secrets(pool.get("secrets") or [])
    networks = pool.get("virtualNetworks") or []
    for network in networks:
        _named("pool.virtualNetworks.name", network.get("name"))
    _once("virtualNetwork name", (network["name"] for network in networks))
    _check_haproxy(version, haproxy)


def _named(field: str, value: Any) -> None:
    if not value:
        raise bad(f"{field} cannot be empty or the empty string")


def _matching(field: str, value: str, pattern: str) -> None:
    if not _PATTERNS[pattern].match(value):
        raise bad(f"{field}: {value:.100} invalid: did not match {pattern}")


def _once(what: str, values: Iterable[object]) -> None:
    seen = set()
    for value in values:
        if value in seen:
            raise bad(f"duplicate {what}: {value}")
        seen.add(value)


def _check_ports(haproxy: Object) -> None:
    stats = haproxy.get("stats") or {}
    ports = [stats.get("bindPort", 0), *(frontend["bindPort"] for frontend in haproxy.get("frontends") or ())]
    for port in ports:
        if port not in range(65536):
            raise bad(f"invalid bindPort: {port}")
    # Each 0 becomes a port of its own.
    _once("bindPort", (port for port in ports if port))


def _check_secrets(secrets: Sequence[Object]) -> None:
    for secret in secrets:
        _named("pool.secrets.secret", secret.get("secret"))
        _named("pool.secrets.file", secret.get("file"))
        _matching("pool.secrets.file", secret["file"], _FILE)
    _once("secret name", (secret["secret"] for secret in secrets))
    _once("secret file", (secret["file"] for secret in secrets))


def _check_haproxy(version: str, haproxy: Object) -> None:
    frontends, backends = haproxy.get("frontends") or [], haproxy.get("backends") or []
    _once("frontend.name", (_frontend_name(frontend, index) for index, frontend in enumerate(frontends)))
    _once("backend.name", (backend["name"] for backend in backends if backend.get("name")))
    for frontend in frontends:
        _check_frontend(frontend)
    for backend in backends:
        _named("backend.name", backend.get("name"))
        _named("backend.protocol", backend.get("protocol"))
        _check_services(version, backend)
    _check_references(frontends, backends)


def _frontend_name(frontend: Object, index: int) -> str:
    # Those whose ports are chosen at run time are told apart later.
    unique = f" {index}" if not frontend["bindPort"] else ""
    return str(frontend.get("name") or f"frontend_{frontend['bindAddress']}_{frontend['bindPort']}{unique}")


def _check_frontend(frontend: Object) -> None:
    for character in frontend["bindAddress"] or "":
        if character in "*[]":
            raise bad(f"frontend.bindAddress invalid character: '{character}'")
    _named("frontend.protocol", frontend.get("protocol"))
    protocol = frontend["protocol"]
    if protocol in {"HTTPS", "TLS"} and not frontend["certificates"]:
        raise bad(f"frontend.protocol {protocol} must have non-empty frontend.certificates")
    for certificate in frontend["certificates"]:
        _matching("frontend.certificates", certificate, _CERTIFICATE)
    if protocol != "HTTP" and frontend.get("redirectToHttps") is not None:
        raise bad(f"frontend.redirectToHttps cannot be set with frontend.protocol {protocol}")
    for rule in _rules(frontend):
        _named("frontend.linkBackend.map.backend", rule.get("backend"))
        if not any(rule.get(key) for key in _CONDITIONS):
            raise bad("frontend.linkBackend.map.backend: at least one of the condition fields must be filled out")


def _rules(frontend: Object) -> list[Object]:
    return (frontend.get("linkBackend") or {}).get("map") or []


def _check_services(version: str, backend: Object) -> None:
    key, check_one = ("servers", _check_server) if version == "V1" else ("services", _check_service)
    if not backend.get(key):
        raise bad(f"backend.{key}: must have at least 1")
    for each in backend[key]:
        check_one(each)


def _check_service(service: Object) -> None:
    endpoint = service.get("endpoint") or {}
    kind, port = endpoint.get("type") or "AUTO_IP", endpoint.get("port", -1)
    if kind == "ADDRESS":
        _named("server.endpoint.address", endpoint.get("address"))
        if port not in range(65536):
            raise bad("server.endpoint.type ADDRESS must have valid server.port specified")
        return
    if endpoint.get("address"):
        raise bad(f"server.endpoint.address cannot be set with server.endpoint.type {kind}")
    if not (endpoint.get("portName") or endpoint.get("allPorts") or port in range(65536)):
        raise bad(f"server.endpoint.type {kind} must have valid port, portName, portNamePattern, or true allPorts")
    _check_selectors(service.get("marathon") or {}, service.get("mesos") or {})


def _check_selectors(marathon: Mapping[str, Any], mesos: Mapping[str, Any]) -> None:
    if _any(marathon, "serviceID"):
        return
    if any(marathon.values()):
        _named("server.marathon.serviceID", "")
    framework = _any(mesos, "frameworkName", "frameworkID")
    task = _any(mesos, "taskName", "taskID")
    if not framework and not task:
        raise bad("server.marathon or server.mesos must be specified, and one of them complete")
    _named("server.mesos.frameworkName", framework)
    _named("server.mesos.taskName", task)


def _any(selector: Mapping[str, Any], *keys: str) -> bool:
    return any(selector.get(key) or selector.get(f"{key}Pattern") for key in keys)


def _check_server(server: Object) -> None:
    port, kind = server.get("port") or {}, server.get("type") or "AUTO_IP"
    _named("server.framework.value", (server.get("framework") or {}).get("value") or _is_static(server))
    if v1.is_vip(server):
        _named("server.port.vip", port.get("vip"))
        return
    _named("server.task.value", (server.get("task") or {}).get("value"))
    if not (port.get("name") or port.get("all")):
        raise bad(f"server.type {kind} must have server.port.name or true server.port.all")


def _is_static(server: Object) -> bool:
    """Whether it is an address that no framework is part of."""
    return v1.is_vip(server) and not str((server.get("port") or {}).get("vip") or "").startswith("/")


def _check_references(frontends: Sequence[Object], backends: Sequence[Object]) -> None:
    used: dict[str, None] = {}
    for frontend in frontends:
        default = (frontend.get("linkBackend") or {}).get("defaultBackend")
        used |= dict.fromkeys([default] if default else []) | dict.fromkeys(
            rule["backend"] for rule in _rules(frontend)
        )
    known = {backend["name"] for backend in backends}
    if lost := sorted(used.keys() - known):
        raise bad(f"frontends refer to nonexistent backends: {', '.join(lost)}")
    if unused := sorted(known - used.keys()):
        raise bad(f"frontends do not refer to these backends: {', '.join(unused)}")
