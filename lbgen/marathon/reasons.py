"""Which values of an app a line of the output was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.origin import Because

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lbgen.model.plan import Fragment
    from lbgen.model.service import AppRef, HealthCheck, Service
    from lbgen.render.templates import Replacement

_BY_BLANK: Mapping[str, str] = {
    "sslCert": "SSL_CERT",
    "bindOptions": "BIND_OPTIONS",
    "bindAddr": "BIND_ADDR",
    "servicePort": "PORT",
    "mode": "MODE",
    "balance": "BALANCE",
    "hostname": "VHOST",
    "cleanedUpHostname": "VHOST",
    "path": "PATH",
    "realm": "AUTH",
    "user": "AUTH",
    "passwd": "AUTH",
    "proxypath": "HTTP_BACKEND_PROXYPASS_PATH",
    "rootpath": "HTTP_BACKEND_REVPROXY_PATH",
    "redirpath": "HTTP_BACKEND_REDIR",
    "network_allowed": "BACKEND_NETWORK_ALLOWED_ACL",
    "cookieOptions": "STICKY",
    "routes": "REDIRECT_TO_HTTPS",
    # The names of a backend are everywhere, and say least.
    "backend": "PORT",
    "frontend": "PORT",
}
_BY_TEMPLATE: Mapping[str, str] = {
    "BACKEND_HSTS_OPTIONS": "USE_HSTS",
    "BACKEND_STICKY_OPTIONS": "STICKY",
    "BACKEND_REDIRECT_HTTP_TO_HTTPS": "REDIRECT_TO_HTTPS",
    "BACKEND_REDIRECT_HTTP_TO_HTTPS_WITH_PATH": "REDIRECT_TO_HTTPS",
    "HTTP_BACKEND_ACL_ALLOW_DENY": "BACKEND_NETWORK_ALLOWED_ACL",
    "TCP_BACKEND_ACL_ALLOW_DENY": "BACKEND_NETWORK_ALLOWED_ACL",
    "HTTP_BACKEND_REDIR": "HTTP_BACKEND_REDIR",
    "HTTP_BACKEND_REVPROXY_GLUE": "HTTP_BACKEND_REVPROXY_PATH",
}


def reasons_for(replacements: Mapping[str, Replacement]) -> Callable[[Fragment, int], Sequence[Because]]:
    """What tells the values that a line of a fragment was made of; `replacements` are the operator's templates.

    `line` counts from 0. The most telling value comes first, the app last. An operator's template stands in front of
    the app's values: whoever is told of a fault takes one of those where the message quotes it.
    """

    def reasons(fragment: Fragment, line: int) -> Sequence[Because]:
        if fragment.overridden and fragment.service is not None:
            return (fragment.service.because(fragment.label),)
        given = tuple(_given(fragment, replacements))
        if fragment.service is None:
            return given
        return (*given, *_values(fragment.service, fragment, line), fragment.service.app.because())

    return reasons


def _given(fragment: Fragment, replacements: Mapping[str, Replacement]) -> Iterator[Because]:
    for name in (fragment.template, *_inside(fragment)):
        if (replacement := replacements.get(name)) is not None:
            yield Because(replacement.source, "", None, value=replacement.text, lines=True)


def _inside(fragment: Fragment) -> Iterator[str]:
    """Templates whose text is a part of the fragment's line."""
    service = fragment.service
    if fragment.template != "BACKEND_SERVER_OPTIONS" or service is None or service.check is None:
        return
    tcp = service.mode == "tcp" or service.check.connects_only
    name = f"BACKEND_SERVER_{'TCP' if tcp else 'HTTP'}_HEALTHCHECK_OPTIONS"
    if name not in service.overrides:
        yield name


def _values(service: Service, fragment: Fragment, line: int) -> Iterator[Because]:
    if (name := _BY_TEMPLATE.get(fragment.template)) in service.labels:
        yield service.because(str(name))
    found = fragment.text.names_in_line(line)
    for blank, label in _BY_BLANK.items():
        if blank in found and label in service.labels:
            yield service.because(label)
    if service.check is not None and any(blank.startswith("healthCheck") for blank in found):
        yield from _checked(service.app, service.check, found)


def _checked(app: AppRef, check: HealthCheck, blanks: Sequence[str]) -> Iterator[Because]:
    path = check.raw.get("path")
    if path is not None and "healthCheckPath" in blanks:
        yield app.because(f"{check.pointer}/path", str(path))
    yield app.because(check.pointer)
