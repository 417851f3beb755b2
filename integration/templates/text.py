"""Whole configurations put together from the built-in templates, filled with plausible values."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

ROOT = Path(__file__).parents[2] / "haproxy_templates"
LUA = ROOT / "lua"
CONSTANTS: dict[str, Any] = {
    "dialect": "portable",
    "lua_dir": None,
    "stats_socket": None,
    "state_dir": None,
    "status_socket": None,
    "signals_for_all": True,
    "options": ["dontlognull", "http-server-close", "redispatch"],
}
VALUES = {
    "appId": "/shop/web",
    "backend": "shop_web_10000",
    "balance": "roundrobin",
    "bindAddr": "*",
    "bindOpts": " alpn h2,http/1.1",
    "bindOptions": "",
    "cleanedUpAppId": "_shop_web",
    "cleanedUpHostname": "shop_example_shop_web",
    "cookieOptions": " check cookie 5618f9873c",
    "frontend": "shop_web_10000_in",
    "haproxy_dir": "/conf",
    "healthCheckFalls": "4",
    "healthCheckIntervalSeconds": "5",
    "healthCheckPath": "/health",
    "healthCheckPortOptions": " port 31001",
    "healthCheckTimeoutSeconds": "2",
    "host": "shop.example",
    "host_ipv4": "192.0.2.1",
    "hostname": "shop.example",
    "mode": "http",
    "name": "shop_example",
    "network_allowed": "10.0.0.0/8",
    "otherOptions": " disabled",
    "passwd": "$6$k6y3o.eP$JlKBx9za9667qe4xHSwRv6J.C0/D7cV91",
    "path": "/cart",
    "port": "31001",
    "proxypath": "/p",
    "realm": "shop only",
    "redirpath": "/start",
    "rootpath": "/r",
    "routes": " !spared_shop_10001_0",
    "spared": "spared_shop_10001_0",
    "serverId": "26814",
    "serverName": "192_0_2_1_31001",
    "servicePort": "10000",
    "sslCert": "",
    "sslCerts": "crt /certs/cert.pem",
    "user": "bob",
}


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([ROOT / "marathon_lb", ROOT]),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )


def fragment(name: str, **values: Any) -> str:
    """The template, with the values above where no others are given."""
    given = VALUES | values
    if name == "BACKEND_SERVER_OPTIONS":
        check = fragment(f"BACKEND_SERVER_{given['mode'].upper()}_HEALTHCHECK_OPTIONS", **values)
        given["healthCheckOptions"] = f" {check.strip()}"
    return _environment().get_template(f"{name}.j2").render(CONSTANTS | given)


def fragments(names: str, **values: Any) -> str:
    """The templates of these names, one behind the other."""
    return "".join(fragment(name, **values) for name in names.split())


_RANKS = {"acl": 1, "tcp-request": 2, "http-request": 3, "redirect": 4, "use_backend": 5}


def in_order(text: str) -> str:
    """The same lines, in each section in the order in which HAProxy works through them: it warns of any other."""
    head, *sections = text.split("\n\n")
    return "\n\n".join([head, *("\n".join(sorted(section.splitlines(), key=_rank)) for section in sections)]) + "\n"


def _rank(line: str) -> int:
    return _RANKS.get(line.split(maxsplit=1)[0], 0)


_TCP = {
    "backend": "shop_db_10001",
    "frontend": "shop_db_10001_in",
    "mode": "tcp",
    "servicePort": "10001",
    "cookieOptions": "",
    "otherOptions": "",
}
_HEAD: tuple[str, dict[str, str]] = ("HEAD USERLIST_HEAD", {})
_HTTP_ROUTES = """
    HTTP_FRONTEND_ACL HTTP_FRONTEND_ACL_WITH_AUTH HTTP_FRONTEND_ACL_WITH_PATH HTTP_FRONTEND_ACL_WITH_AUTH_AND_PATH
    HTTP_FRONTEND_ACL_ONLY HTTP_FRONTEND_ACL_ONLY_WITH_PATH HTTP_FRONTEND_ACL_ONLY_WITH_PATH_AND_AUTH
    HTTP_FRONTEND_ROUTING_ONLY HTTP_FRONTEND_ROUTING_ONLY_WITH_AUTH HTTP_FRONTEND_ROUTING_ONLY_WITH_PATH
    HTTP_FRONTEND_ROUTING_ONLY_WITH_PATH_AND_AUTH BACKEND_REDIRECT_HTTP_TO_HTTPS
    BACKEND_REDIRECT_HTTP_TO_HTTPS_WITH_PATH PORTABLE_SPARED_PATH PORTABLE_REDIRECT_HTTP_TO_HTTPS
"""
_HTTPS_ROUTES = """
    HTTPS_FRONTEND_ACL HTTPS_FRONTEND_ACL_WITH_AUTH HTTPS_FRONTEND_ACL_ONLY_WITH_PATH HTTPS_FRONTEND_ACL_WITH_PATH
    HTTPS_FRONTEND_ACL_WITH_AUTH_AND_PATH
"""
# Marathon-LB has them and never writes them; here they follow the line that defines what they ask for.
_NEVER_WRITTEN = """
    HTTP_FRONTEND_ACL_ONLY HTTPS_FRONTEND_AUTH_ACL_ONLY HTTPS_FRONTEND_AUTH_REQUEST_ONLY
    HTTPS_FRONTEND_ROUTING_ONLY_WITH_PATH_AND_AUTH
"""
_SERVICES: tuple[tuple[str, dict[str, str]], ...] = (
    ("FRONTEND_HEAD PORTABLE_FRONTEND_AUTH FRONTEND_BACKEND_GLUE", {}),
    ("FRONTEND_HEAD FRONTEND_BACKEND_GLUE", _TCP),
    (
        """
        BACKEND_HEAD BACKEND_HSTS_OPTIONS BACKEND_HTTP_OPTIONS HTTP_BACKEND_PROXYPASS_GLUE HTTP_BACKEND_REVPROXY_GLUE
        HTTP_BACKEND_REDIR PORTABLE_PROXYPASS_ANY_HOST HTTP_BACKEND_NETWORK_ALLOWED_ACL HTTP_BACKEND_ACL_ALLOW_DENY
        BACKEND_STICKY_OPTIONS BACKEND_HTTP_HEALTHCHECK_OPTIONS BACKEND_SERVER_OPTIONS
        """,
        {},
    ),
    (
        """
        BACKEND_HEAD TCP_BACKEND_NETWORK_ALLOWED_ACL TCP_BACKEND_ACL_ALLOW_DENY BACKEND_TCP_HEALTHCHECK_OPTIONS
        BACKEND_SERVER_OPTIONS
        """,
        _TCP,
    ),
)
SHAPES: dict[str, tuple[tuple[str, dict[str, str]], ...]] = {
    "plain": (
        _HEAD,
        ("HTTP_FRONTEND_HEAD" + _HTTP_ROUTES, {}),
        ("HTTP_FRONTEND_APPID_HEAD HTTP_FRONTEND_APPID_ACL PORTABLE_APPID_AUTH", {}),
        ("HTTPS_FRONTEND_HEAD" + _HTTPS_ROUTES + _NEVER_WRITTEN, {}),
        *_SERVICES,
    ),
    "maps": (
        _HEAD,
        ("HTTP_FRONTEND_HEAD MAP_HTTP_FRONTEND_ACL MAP_HTTP_FRONTEND_ACL_ONLY" + _HTTP_ROUTES, {}),
        ("HTTP_FRONTEND_APPID_HEAD MAP_HTTP_FRONTEND_APPID_ACL HTTP_FRONTEND_APPID_ACL", {}),
        ("HTTPS_FRONTEND_HEAD MAP_HTTPS_FRONTEND_ACL" + _HTTPS_ROUTES, {}),
        *_SERVICES,
    ),
    "grouped": (
        _HEAD,
        ("HTTP_FRONTEND_HEAD" + _HTTP_ROUTES, {}),
        ("HTTP_FRONTEND_APPID_HEAD HTTP_FRONTEND_APPID_ACL PORTABLE_APPID_AUTH", {}),
        ("HTTPS_GROUPED_FRONTEND_HEAD HTTPS_GROUPED_VHOST_FRONTEND_ACL", {"backend": "shop_example"}),
        ("HTTPS_GROUPED_VHOST_BACKEND_HEAD HTTPS_GROUPED_VHOST_FRONTEND_HEAD" + _HTTPS_ROUTES, {}),
        *_SERVICES,
    ),
}


def whole(shape: str, **constants: Any) -> str:
    """A portable configuration of this shape, for a run with these constants."""
    return in_order("".join(fragments(names, **values, **constants) for names, values in SHAPES[shape]))
