"""The templates that Marathon-LB's output is made of: one row each, in the order of the file they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.render.templates import Template

if TYPE_CHECKING:
    from collections.abc import Mapping


def _row(
    placeholders: str = "",
    *,
    by_label: bool = True,
    substituted: bool = True,
    opens: str = "",
    in_line: bool = False,
) -> Template:
    return Template(frozenset(placeholders.split()), by_label, substituted, opens, in_line)


HEALTH = (
    "healthCheckPortIndex healthCheckPort healthCheckProtocol healthCheckPath healthCheckTimeoutSeconds"
    " healthCheckIntervalSeconds healthCheckGracePeriodSeconds healthCheckMaxConsecutiveFailures healthCheckFalls"
    " healthCheckPortOptions healthCheck"
)
_HOST = "cleanedUpHostname hostname"

TEMPLATES: Mapping[str, Template] = {
    "HEAD": _row(by_label=False, substituted=False, opens="global"),
    "USERLIST_HEAD": _row("backend user passwd", opens="userlist"),
    "HTTP_FRONTEND_HEAD": _row(by_label=False, substituted=False, opens="frontend"),
    "HTTP_FRONTEND_APPID_HEAD": _row(by_label=False, substituted=False, opens="frontend"),
    "HTTPS_FRONTEND_HEAD": _row("sslCerts", by_label=False, opens="frontend"),
    "HTTPS_GROUPED_FRONTEND_HEAD": _row(by_label=False, substituted=False, opens="frontend"),
    "HTTPS_GROUPED_VHOST_FRONTEND_ACL": _row("backend host", by_label=False),
    "HTTPS_GROUPED_VHOST_BACKEND_HEAD": _row("name", by_label=False, opens="backend"),
    "HTTPS_GROUPED_VHOST_FRONTEND_HEAD": _row("name sslCerts bindOpts", by_label=False, opens="frontend"),
    "FRONTEND_HEAD": _row("bindAddr backend servicePort mode sslCert bindOptions", opens="frontend"),
    "FRONTEND_BACKEND_GLUE": _row("backend"),
    "BACKEND_HEAD": _row("backend balance mode", opens="backend"),
    "BACKEND_HSTS_OPTIONS": _row(substituted=False),
    "BACKEND_HTTP_OPTIONS": _row(substituted=False),
    "HTTP_BACKEND_PROXYPASS_GLUE": _row("hostname proxypath"),
    "HTTP_BACKEND_REVPROXY_GLUE": _row("hostname rootpath"),
    "HTTP_BACKEND_REDIR": _row("hostname redirpath", by_label=False),
    "HTTP_BACKEND_NETWORK_ALLOWED_ACL": _row("network_allowed"),
    "HTTP_BACKEND_ACL_ALLOW_DENY": _row(by_label=False, substituted=False),
    "TCP_BACKEND_NETWORK_ALLOWED_ACL": _row("network_allowed"),
    "TCP_BACKEND_ACL_ALLOW_DENY": _row(by_label=False, substituted=False),
    "BACKEND_STICKY_OPTIONS": _row(substituted=False),
    "BACKEND_HTTP_HEALTHCHECK_OPTIONS": _row(HEALTH),
    "BACKEND_TCP_HEALTHCHECK_OPTIONS": _row(HEALTH),
    "BACKEND_SERVER_OPTIONS": _row(
        "host host_ipv4 port serverName serverId cookieOptions healthCheckOptions otherOptions"
    ),
    "BACKEND_SERVER_HTTP_HEALTHCHECK_OPTIONS": _row(HEALTH, in_line=True),
    "BACKEND_SERVER_TCP_HEALTHCHECK_OPTIONS": _row(HEALTH, in_line=True),
    "HTTP_FRONTEND_ACL": _row(f"{_HOST} backend appId"),
    "MAP_HTTP_FRONTEND_ACL": _row("haproxy_dir", by_label=False),
    "HTTP_FRONTEND_ACL_WITH_AUTH": _row(f"{_HOST} appId realm backend"),
    "HTTP_FRONTEND_ACL_WITH_PATH": _row(f"{_HOST} path appId backend"),
    "HTTP_FRONTEND_ACL_WITH_AUTH_AND_PATH": _row(f"{_HOST} path appId realm backend"),
    "HTTP_FRONTEND_ACL_ONLY": _row(_HOST),
    "MAP_HTTP_FRONTEND_ACL_ONLY": _row("haproxy_dir", by_label=False),
    "HTTP_FRONTEND_ACL_ONLY_WITH_PATH": _row(f"path backend {_HOST}"),
    "HTTP_FRONTEND_ACL_ONLY_WITH_PATH_AND_AUTH": _row(f"path {_HOST} realm backend"),
    "HTTP_FRONTEND_ROUTING_ONLY": _row("cleanedUpHostname backend"),
    "HTTP_FRONTEND_ROUTING_ONLY_WITH_AUTH": _row("cleanedUpHostname realm backend"),
    "HTTP_FRONTEND_ROUTING_ONLY_WITH_PATH": _row("cleanedUpHostname backend"),
    "HTTP_FRONTEND_ROUTING_ONLY_WITH_PATH_AND_AUTH": _row("cleanedUpHostname realm backend"),
    "BACKEND_REDIRECT_HTTP_TO_HTTPS": _row("bindAddr cleanedUpHostname"),
    "BACKEND_REDIRECT_HTTP_TO_HTTPS_WITH_PATH": _row("bindAddr cleanedUpHostname backend"),
    "HTTPS_FRONTEND_ACL": _row(f"{_HOST} appId backend"),
    "MAP_HTTPS_FRONTEND_ACL": _row("hostname haproxy_dir", by_label=False),
    "HTTPS_FRONTEND_ACL_WITH_AUTH": _row(f"{_HOST} appId realm backend"),
    "HTTPS_FRONTEND_ACL_ONLY_WITH_PATH": _row(f"path backend {_HOST} realm"),
    "HTTPS_FRONTEND_ACL_WITH_PATH": _row(f"{_HOST} appId backend"),
    "HTTPS_FRONTEND_ACL_WITH_AUTH_AND_PATH": _row(f"{_HOST} path appId realm backend"),
    "HTTP_FRONTEND_APPID_ACL": _row("cleanedUpAppId hostname appId backend"),
    "MAP_HTTP_FRONTEND_APPID_ACL": _row("haproxy_dir", by_label=False),
    "HTTPS_FRONTEND_ROUTING_ONLY_WITH_PATH_AND_AUTH": _row(by_label=False, substituted=False),
    "HTTPS_FRONTEND_AUTH_ACL_ONLY": _row(by_label=False, substituted=False),
    "HTTPS_FRONTEND_AUTH_REQUEST_ONLY": _row(by_label=False, substituted=False),
}

PORTABLE_TEMPLATES: Mapping[str, Template] = {
    "PORTABLE_PROXYPASS_ANY_HOST": _row("proxypath", by_label=False),
    "PORTABLE_FRONTEND_AUTH": _row("realm backend", by_label=False),
    "PORTABLE_APPID_AUTH": _row("realm appId backend", by_label=False),
    "PORTABLE_REDIRECT_HTTP_TO_HTTPS": _row("hostname routes", by_label=False),
    "PORTABLE_SPARED_PATH": _row("spared path", by_label=False),
}
"""What only the portable dialect writes, where it puts right what Marathon-LB has wrong; nothing replaces these."""
