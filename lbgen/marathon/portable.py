"""What the portable dialect does otherwise, because Marathon-LB has it wrong and putting it right breaks nobody.

Every deviation is a finding here and a paragraph of docs/deviations.md.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING, Any

from lbgen.dataclass import dataclass
from lbgen.errors import AppError, unexpected
from lbgen.finding import Finding, Severity
from lbgen.marathon import names
from lbgen.marathon.acceptable import refusals
from lbgen.marathon.backends import WITH_CHECK
from lbgen.marathon.deployment import GROUP
from lbgen.marathon.spared import redirects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lbgen.marathon.spared import Redirect
    from lbgen.model.service import Service


SEE = "the portable dialect puts this right; see docs/deviations.md"


@dataclass(slots=True)
class Adjusted:
    """What differs, by `id()` of the service: values of templates, and redirects in place of the usual one."""

    operators: Mapping[str, str] = field(default_factory=dict)
    values: dict[int, dict[str, Any]] = field(default_factory=dict)
    redirects: dict[int, list[Redirect]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    faults: list[tuple[Service, AppError]] = field(default_factory=list)

    def note(self, service: Service, rule: str, message: str, *labels: str, warn: bool = False) -> None:
        """Says what the reader of the output will find."""
        severity = Severity.WARNING if warn else Severity.INFO
        origin = service.because(*labels).origin()
        subject = origin.label or f"{service.app.written}, port {service.port},"
        self.findings.append(Finding(rule, severity, f"{subject} {message}", origin, help=SEE))

    def fault(self, service: Service, rule: str, message: str, *labels: str, help: str = "") -> None:
        """Says that the service cannot be written."""
        error = AppError(message, origin=service.because(*labels).origin(), help=help, rule=rule)
        self.faults.append((service, error))


def adjust(services: Sequence[Service], *, grouped: bool, operators: Mapping[str, str]) -> Adjusted:
    """Settles the deviations for these services, which come in their order; it changes what they say where needed.

    `operators` are the texts that the operator put in place of templates, by name.
    """
    adjusted = Adjusted(operators)
    for service in services:
        try:
            _tidy(service, adjusted)
        except Exception as error:  # noqa: BLE001 - whatever one app holds, the others are served
            adjusted.faults.append((service, unexpected(error, service.app.because().origin())))
    _refuse_taken_ids(services, adjusted)
    _refuse_taken_names(services, adjusted, grouped=grouped)
    _separate_host_acls(services, adjusted)
    _separate_app_acls(services, adjusted)
    _spare_routes(services, adjusted)
    return adjusted


def _tidy(service: Service, adjusted: Adjusted) -> None:
    _tidy_vhosts(service, adjusted)
    for refusal in refusals(service):
        because = service.app.because(refusal.field) if refusal.field else service.because(refusal.label)
        error = AppError(refusal.message, origin=because.origin(), help=refusal.help, rule=refusal.rule)
        adjusted.faults.append((service, error))
    if service.auth is not None:
        _tidy_auth(service, adjusted)
    if service.proxypass_path:
        _check_pattern(service, service.proxypass_path, adjusted)
    by_others = any(name in service.overrides or name in adjusted.operators for name in WITH_CHECK)
    if service.check is not None and service.check.over_tls and service.mode == "http" and not by_others:
        message = "is checked over TLS, as its health check says; Marathon-LB would check in clear text"
        adjusted.note(service, "check-over-tls", message)
    _note_ended_lines(service, adjusted)
    _note_servers(service, adjusted)


def _note_ended_lines(service: Service, adjusted: Adjusted) -> None:
    for name, text in service.overrides.items():
        if text and not text.endswith("\n") and not name.endswith("_HEALTHCHECK_OPTIONS"):
            message = "does not end its last line; Marathon-LB would write on in the same line"
            adjusted.note(service, "last-line-ended", message, name)


def _note_servers(service: Service, adjusted: Adjusted) -> None:
    if service.sticky and service.mode == "tcp":
        adjusted.note(
            service, "cookie-in-tcp-mode", "sets no cookie in tcp mode; only its checks are written", "STICKY"
        )
    if len({server[:3] for server in service.servers}) < len(service.servers):
        message = "has several tasks of one address and port; one server stands for them, as HAProxy 3.3 demands"
        adjusted.note(service, "servers-merged", message)


def _tidy_vhosts(service: Service, adjusted: Adjusted) -> None:
    trimmed = tuple(dict.fromkeys(vhost.strip() for vhost in service.vhosts if vhost.strip()))
    if trimmed != service.vhosts:
        adjusted.note(service, "vhost-list-tidied", "is read without its blanks, empty names and repetitions", "VHOST")
        service.vhosts, service.several_vhosts = trimmed, len(trimmed) > 1
    if service.vhosts and service.mode == "tcp":
        message = "is of no use to a service in tcp mode: HAProxy refuses its rules on 80 and 443, which are left out"
        adjusted.note(service, "vhost-in-tcp-mode", message, "VHOST", warn=True)
        service.vhosts, service.several_vhosts = (), False


def _tidy_auth(service: Service, adjusted: Adjusted) -> None:
    auth = service.auth
    assert auth is not None  # noqa: S101 - the caller asked
    if service.mode != "http":
        adjusted.note(service, "auth-in-tcp-mode", "has no effect on a service in tcp mode", "AUTH", warn=True)
        return
    if not auth.realm:
        service.auth = auth._replace(realm=service.app.id)
        adjusted.note(service, "auth-realm-filled", "has no realm, and is enforced with the app's id as realm", "AUTH")
    if names_user_list(service, adjusted.operators):
        message = "is enforced on the service port and on 9091 too, where Marathon-LB lets everybody in"
        adjusted.note(service, "auth-enforced-everywhere", message, "AUTH")
    else:
        message = "is not enforced on the service port and on 9091: its list of users has another name than usual"
        adjusted.note(service, "auth-doors-open", message, "AUTH", warn=True)


def _check_pattern(service: Service, path: str, adjusted: Adjusted) -> None:
    try:
        re.compile(path)
    except (re.error, OverflowError, RecursionError) as error:
        message = f"is part of a regular expression, and is none: {error}"
        adjusted.fault(service, "bad-pattern", message, "HTTP_BACKEND_PROXYPASS_PATH")
    if len(service.vhosts) != 1:
        message = "rewrites the path and leaves the Host header alone, since there is not one vhost to put there"
        adjusted.note(service, "host-header-kept", message, "HTTP_BACKEND_PROXYPASS_PATH")


def _refuse_taken_names(services: Sequence[Service], adjusted: Adjusted, *, grouped: bool) -> None:
    taken: dict[str, Service] = {}
    # Marathon gives a service port to one app only: who has a name by that port keeps it.
    for service in sorted(services, key=lambda service: service.port != service.declared_port):
        name = names.backend_name(service.app.id, service.port)
        other = taken.setdefault(name, service)
        if other is not service:
            message = f"its backend would be called {name}, as {_described(other)}'s is"
            adjusted.fault(service, "name-taken", message, "PORT", help="another service port makes another name")
    if grouped:
        _refuse_taken_groups(services, taken, adjusted)


def _refuse_taken_ids(services: Sequence[Service], adjusted: Adjusted) -> None:
    """A deployment group by the name of an app that is not in it would take that app's place on 9091."""
    owners = {service.app.id for service in services if service.app.id == service.app.written}
    for service in services:
        if service.app.id != service.app.written and service.app.id in owners:
            message = f"is the id of another app, {service.app.id}"
            error = AppError(message, origin=service.app.label(GROUP).origin(), rule="name-taken")
            adjusted.faults.append((service, error))


def _refuse_taken_groups(services: Sequence[Service], taken: dict[str, Service], adjusted: Adjusted) -> None:
    by_name: dict[str, str] = {}
    for service in services:
        for vhost in service.vhosts:
            name = names.clean(vhost)
            other = by_name.setdefault(name, vhost)
            if holder := _holder(vhost, name, other, taken):
                message = f"has the vhost {vhost}, whose sections would be called {name}, as {holder} is"
                adjusted.fault(service, "name-taken", message, "VHOST")
                break


# Names of lbgen's own sections, without the `_in` that frontends end with.
_OWN_NAMES = frozenset({"stats", "marathon_http", "marathon_https", "marathon_http_appid"})


def _holder(vhost: str, name: str, other: str, taken: dict[str, Service]) -> str | None:
    """Whose a name is already, if it is somebody's."""
    if name in _OWN_NAMES:
        return "one of the load balancer's own"
    if other != vhost:
        return f"the vhost {other}'s"
    return f"{_described(taken[name])}'s" if name in taken else None


def _described(service: Service) -> str:
    return f"{service.app.written}:{service.port}"


def _separate_host_acls(services: Sequence[Service], adjusted: Adjusted) -> None:
    """One ACL name for two lists of hosts, or two user lists, would let each stand for both."""
    seen: dict[str, tuple[tuple[str, ...], Any]] = {}
    for service in services:
        if not service.vhosts:
            continue
        usual = name = names.host_acl_name(service.vhosts[0], service.app.id)
        holds = (service.vhosts, service.auth and (service.auth, service.port))
        while seen.setdefault(name, holds) != holds:
            name = f"{name}_{service.port}"
        if name != usual:
            adjusted.values.setdefault(id(service), {})["cleanedUpHostname"] = name
            message = f"has its own ACL host_{name}: Marathon-LB would share host_{usual} with another service"
            adjusted.note(service, "acl-separated", message, "VHOST")


def _separate_app_acls(services: Sequence[Service], adjusted: Adjusted) -> None:
    seen: dict[str, str] = {}
    for service in services:
        usual = name = names.clean(service.app.id)
        while seen.setdefault(name, service.app.id) != service.app.id:
            name = f"{name}_{service.port}"
        if name != usual:
            adjusted.values.setdefault(id(service), {})["cleanedUpAppId"] = name
            message = f"has its own ACL app_{name}: Marathon-LB would share app_{usual} with {seen[usual]}"
            adjusted.note(service, "acl-separated", message)


def _spare_routes(services: Sequence[Service], adjusted: Adjusted) -> None:
    for service, found in redirects(services, adjusted.operators):
        adjusted.redirects[id(service)] = found
        others = {_described(other) for redirect in found for other in redirect.spared}
        message = f"does not redirect the paths of {', '.join(sorted(others))}, which stand before it"
        adjusted.note(service, "redirect-spares-routes", message, "REDIRECT_TO_HTTPS")


def names_user_list(service: Service, operators: Mapping[str, str]) -> bool:
    """Whether the service's list of users has the usual name, so that more rules can ask it."""
    text = service.overrides.get("USERLIST_HEAD", operators.get("USERLIST_HEAD"))
    backend = names.backend_name(service.app.id, service.port)
    return text is None or "user_{backend}" in text or f"user_{backend}" in text
