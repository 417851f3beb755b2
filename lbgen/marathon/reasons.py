"""Which values of an app a line of the output was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lbgen.model.plan import Fragment
    from lbgen.model.service import AppRef, HealthCheck, Service
    from lbgen.origin import Because

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


def reasons(fragment: Fragment, line: int) -> Sequence[Because]:
    """The values that line `line` (from 0) of the fragment was made of, the most telling first, the app last."""
    service = fragment.service
    if service is None:
        return ()
    if fragment.overridden:
        return (service.because(fragment.label),)
    return (*_values(service, fragment, line), service.app.because())


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
