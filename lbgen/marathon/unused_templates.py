"""Why a label that stands for a template is never read, and which template is used in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.marathon.labels import IGNORED_TEMPLATE_LABELS
from lbgen.marathon.routing import case_of
from lbgen.marathon.used_templates import as_read, hides_frontend

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lbgen.marathon.plan import PlanOptions
    from lbgen.marathon.used_templates import Use
    from lbgen.model.service import Service


class Unused(NamedTuple):
    """Why a template is not used; `instead` are those that stand where it would."""

    reason: str
    instead: tuple[str, ...] = ()


def why_unused(
    name: str, service: Service, uses: Sequence[Use], options: PlanOptions, operators: Mapping[str, str]
) -> Unused:
    """Why the service is not written with this template; `uses` are those that it is written with."""
    if name in IGNORED_TEMPLATE_LABELS:
        return Unused("no label replaces the rules of the map", (name.removeprefix("MAP_"),))
    read = as_read(service, portable=options.portable)
    if name.startswith(("HTTP_FRONTEND_", "HTTPS_FRONTEND_", "BACKEND_REDIRECT_")):
        return _of_shared_port(name, service, read, uses, options)
    if name.endswith("_HEALTHCHECK_OPTIONS"):
        return _of_check(name, read, uses)
    if name == "FRONTEND_BACKEND_GLUE" and hides_frontend(read, operators):
        return Unused("the service port has no frontend")
    return Unused(_missing(name, read), _counterpart(name, uses))


def _of_shared_port(name: str, service: Service, read: Service, uses: Sequence[Use], options: PlanOptions) -> Unused:
    if name == "HTTP_FRONTEND_APPID_ACL":
        reason = "another service of the app is what 9091 leads to" if read.mode == "http" else _NO_HTTP
        return Unused(reason if read.enabled is not False else "the service is not enabled")
    if not options.bind_http_https:
        return Unused("nothing is written for 80 and 443")
    if not read.vhosts:
        return Unused(_NO_HTTP if service.vhosts else "the service has no vhost")
    instead = _on_port(name, uses)
    if any(other.startswith("MAP_") for other in instead):
        return Unused("the map knows the service's vhosts", instead)
    if name.startswith("BACKEND_REDIRECT_") and not read.redirect_to_https:
        return Unused(f"HAPROXY_{read.index}_REDIRECT_TO_HTTPS does not ask for it")
    return Unused(_shape(read), instead)


_NO_HTTP = "the service is not in http mode"


def _on_port(name: str, uses: Sequence[Use]) -> tuple[str, ...]:
    redirects = name.startswith("BACKEND_REDIRECT_")
    port = "443" if name.startswith("HTTPS_") else "80"
    found = [use.template for use in uses if use.place == port]
    same = [template for template in found if template.startswith("BACKEND_REDIRECT_") == redirects]
    return tuple(dict.fromkeys(same or found))


def _shape(service: Service) -> str:
    case = case_of(service)
    has = [
        "a path" if case.path else "",
        "a password" if case.auth else "",
        "a redirect to https" if case.redirect else "",
        "several vhosts" if case.several else "one vhost",
    ]
    *others, last = filter(None, has)
    return (
        f"the service has {', '.join(others)} and {last}"
        if others
        else f"the service has {last}, and no path, password or redirect"
    )


def _of_check(name: str, service: Service, uses: Sequence[Use]) -> Unused:
    if service.check is None:
        return Unused("no health check is for this service port")
    kind = "_TCP_" if "_HTTP_" in name else "_HTTP_"
    other = name.replace("_HTTP_", kind).replace("_TCP_", kind)
    if any(use.template == other for use in uses):
        return Unused(f"the check is one of {kind.strip('_')}", (other,))
    if name.startswith("BACKEND_SERVER_"):
        return Unused("BACKEND_SERVER_OPTIONS does not use {healthCheckOptions}")
    return Unused(f'nothing is checked in mode "{service.mode:.20}"')


def _counterpart(name: str, uses: Sequence[Use]) -> tuple[str, ...]:
    """The network list of the other mode, where it is what is used."""
    head, _, tail = name.partition("_")
    other = f"{'TCP' if head == 'HTTP' else 'HTTP'}_{tail}"
    return (other,) if any(use.template == other for use in uses) else ()


_NEEDS: Mapping[str, tuple[str, Callable[[Service], object]]] = {
    "USERLIST_HEAD": ("AUTH", lambda service: service.auth is not None and service.auth.user),
    "BACKEND_HSTS_OPTIONS": ("USE_HSTS", lambda service: service.use_hsts),
    "BACKEND_STICKY_OPTIONS": ("STICKY", lambda service: service.sticky),
    "HTTP_BACKEND_PROXYPASS_GLUE": ("HTTP_BACKEND_PROXYPASS_PATH", lambda service: service.proxypass_path),
    "HTTP_BACKEND_REVPROXY_GLUE": ("HTTP_BACKEND_REVPROXY_PATH", lambda service: service.revproxy_path),
    "HTTP_BACKEND_NETWORK_ALLOWED_ACL": ("BACKEND_NETWORK_ALLOWED_ACL", lambda service: service.network_allowed),
    "TCP_BACKEND_NETWORK_ALLOWED_ACL": ("BACKEND_NETWORK_ALLOWED_ACL", lambda service: service.network_allowed),
}


def _missing(name: str, service: Service) -> str:
    label, has = _NEEDS.get(name, ("", lambda _service: True))
    if not has(service):
        return f"HAPROXY_{service.index}_{label} does not ask for it"
    return f'the service is in mode "{service.mode:.20}"'
