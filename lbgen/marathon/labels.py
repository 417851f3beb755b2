"""The label table: one row a label; parser, documentation, schema and lint are made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.dataclass import dataclass
from lbgen.marathon import values
from lbgen.marathon.templates import TEMPLATES
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Label:
    """One label that counts per service port: `HAPROXY_{n}_<name>`.

    `parse` takes the text and returns what `Service.<field>` gets; it raises ValueError in words for the user.
    """

    name: str
    field: str
    parse: Callable[[str], Any]
    default: str
    meaning: str


PORT_LABELS = (
    Label("AUTH", "auth", values.auth, "", "basic authentication, as realm:user:password-hash"),
    Label(
        "BACKEND_HEALTHCHECK_PORT_INDEX",
        "health_check_port_index",
        values.integer,
        "",
        "whose port is checked: the rank, by service port, of one of the app's services",
    ),
    Label(
        "BACKEND_NETWORK_ALLOWED_ACL", "network_allowed", values.networks, "", "networks that may connect, by blanks"
    ),
    Label("BACKEND_WEIGHT", "weight", values.integer, "0", "order of the rules on 80 and 443, larger first"),
    Label("BALANCE", "balance", values.words, "roundrobin", "the balance algorithm"),
    Label("BIND_ADDR", "bind_addr", values.words, "*", "the address that the service port is bound on"),
    Label("BIND_OPTIONS", "bind_options", values.words, "", "more options for the bind line of the service port"),
    Label("ENABLED", "enabled", values.boolean, "true", "whether the service port is served at all"),
    Label("GROUP", "groups", values.names, "", "load-balancer groups, in place of HAPROXY_GROUP"),
    Label("HTTP_BACKEND_PROXYPASS_PATH", "proxypass_path", values.pattern, "", "path prefix cut off requests"),
    Label("HTTP_BACKEND_REDIR", "redir_path", values.location, "", "where a request for / is redirected to"),
    Label("HTTP_BACKEND_REVPROXY_PATH", "revproxy_path", values.pattern, "", "what Location headers become"),
    Label("MODE", "mode", values.mode, "", "http or tcp; else http with a vhost or an HTTP check, tcp without"),
    Label("PATH", "path", values.path, "", "path prefixes of the vhost that this service gets"),
    Label("PORT", "port", values.integer, "", "the service port, in place of the app's own"),
    Label("REDIRECT_TO_HTTPS", "redirect_to_https", values.boolean, "false", "port 80 redirects to https"),
    Label("SSL_CERT", "ssl_cert", values.words, "", "certificate file of the service port"),
    Label("STICKY", "sticky", values.boolean, "false", "a cookie ties a client to its server"),
    Label("USE_HSTS", "use_hsts", values.boolean, "false", "answers carry Strict-Transport-Security"),
    Label("VHOST", "vhosts", values.vhosts, "", "host names on 80 and 443, by commas"),
)

APP_LABELS: Mapping[str, str] = {
    "HAPROXY_GROUP": "load-balancer groups that serve the app, by commas",
    "HAPROXY_DEPLOYMENT_GROUP": "apps of one name here are one app, in two colours",
    "HAPROXY_DEPLOYMENT_STARTED_AT": "when the deployment of this colour began",
    "HAPROXY_DEPLOYMENT_NEW_INSTANCES": "instances of the new colour in a hybrid deployment",
    "HAPROXY_DEPLOYMENT_TARGET_INSTANCES": "instances that the deployment aims at",
    "HAPROXY_DEPLOYMENT_ALT_PORT": "the other service port; read by deployment tools only",
    "HAPROXY_DEPLOYMENT_COLOUR": "the colour; read by deployment tools only",
    "HAPROXY_APP_ID": "the app's id without its colour; read by deployment tools only",
}

BY_NAME: Mapping[str, Label] = {label.name: label for label in PORT_LABELS}

# A label of these names is accepted by Marathon-LB and never read.
IGNORED_TEMPLATE_LABELS = frozenset(
    {
        "MAP_HTTP_FRONTEND_ACL",
        "MAP_HTTP_FRONTEND_ACL_ONLY",
        "MAP_HTTP_FRONTEND_APPID_ACL",
        "MAP_HTTPS_FRONTEND_ACL",
    }
)
TEMPLATE_LABELS = frozenset(name for name, template in TEMPLATES.items() if template.by_label)

_PORT_LABEL = regex(r"HAPROXY_(0|[1-9][0-9]*)_(.+)")


def split_name(key: str) -> tuple[int, str] | None:
    """Index and name of a label key that counts per service port, else None."""
    match = _PORT_LABEL.fullmatch(key)
    return (int(match[1]), match[2]) if match and len(match[1]) < 10 else None


def known(name: str) -> bool:
    """Whether `HAPROXY_{n}_<name>` means anything."""
    return name in BY_NAME or name in TEMPLATE_LABELS or name in IGNORED_TEMPLATE_LABELS
