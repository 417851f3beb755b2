"""How a health check of Marathon's differs from what HAProxy makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.finding import Severity
from lbgen.marathon.backends import WITH_CHECK, check_kind

if TYPE_CHECKING:
    from lbgen.lint.context import Context
    from lbgen.model.service import HealthCheck, Service


class Difference(NamedTuple):
    """What is checked otherwise, and what to do."""

    message: str
    help: str
    severity: Severity = Severity.WARNING


def difference(service: Service, context: Context) -> Difference | None:
    """What HAProxy checks otherwise than Marathon; None where it does not, or where a template says what it checks."""
    check = service.check
    kind = check_kind(service, check) if check is not None else None
    if check is None or kind is None or _replaced(service, context, kind):
        return None
    if check.protocol == "COMMAND":
        return _of_command(service, kind)
    if check.connects_only:
        return None
    if kind == "TCP":
        return _of_mode(service, check)
    return _of_tls(check, service, portable=context.portable) if check.over_tls else None


def _replaced(service: Service, context: Context, kind: str) -> bool:
    names = {f"BACKEND_{kind}_HEALTHCHECK_OPTIONS", f"BACKEND_SERVER_{kind}_HEALTHCHECK_OPTIONS", *WITH_CHECK}
    return bool(names & (service.overrides.keys() | context.templates.keys()))


def _of_command(service: Service, kind: str) -> Difference:
    label = f"HAPROXY_{service.index}_BACKEND_{kind}_HEALTHCHECK_OPTIONS"
    if kind == "TCP":
        message = "Marathon runs a command, HAProxy opens a connection"
        return Difference(message, f"{label} says what HAProxy checks", Severity.INFO)
    message = "Marathon runs a command, HAProxy asks for GET / and takes out servers that do not answer 2xx or 3xx"
    return Difference(message, f"{label} says what HAProxy checks; an empty text takes the request away")


def _of_mode(service: Service, check: HealthCheck) -> Difference:
    path = str(check.raw.get("path") or "/")
    over = " over TLS" if check.over_tls else ""
    message = f"Marathon asks for {path:.60}{over}, HAProxy opens a connection and no more"
    if "MODE" in service.labels:
        # Whoever passes TLS on cannot look into it.
        severity = Severity.INFO if check.over_tls else Severity.WARNING
        return Difference(f"{message}: MODE is tcp", "http mode asks for the path, too", severity)
    said = f"{message}: {check.protocol} does not make the mode http"
    help_ = f"say http, or tcp, in HAPROXY_{service.index}_MODE"
    return Difference(said, help_, Severity.INFO if check.over_tls else Severity.WARNING)


def _of_tls(check: HealthCheck, service: Service, *, portable: bool) -> Difference | None:
    label = f"HAPROXY_{service.index}_BACKEND_SERVER_OPTIONS"
    help_ = f"a server line with ssl is written by {label}; MODE tcp passes TLS on"
    if not portable:
        return Difference("Marathon checks over TLS, HAProxy in clear text: all servers are down", help_)
    if check.raw.get("port"):
        return None
    return Difference("the port is checked over TLS, and gets its requests in clear text", help_)
