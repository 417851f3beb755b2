"""The templates that the configuration of a pool is made of, and what each leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.render.templates import Template

if TYPE_CHECKING:
    from collections.abc import Mapping

_BLANKS = {
    "HEAD": "pool",
    "RESOLVERS": "",
    "STATS": "name address port",
    "FRONTEND": "name",
    "BIND": "address port tls modifier",
    "FRONTEND_HTTP": "",
    "FRONTEND_TCP": "",
    "TLS_INSPECTION": "",
    "REDIRECT": "unless",
    "MISC": "line",
    "USE_BACKEND": "backend conditions",
    "DEFAULT_BACKEND": "backend",
    "BACKEND": "name",
    "BALANCE": "balance",
    "BACKEND_HTTP": "",
    "BACKEND_TCP": "",
    "HTTPCHK": "misc",
    "HTTP_CHECK_SEND": "send",
    "SSL_HELLO_CHK": "",
    "CHECK_MISC": "line",
    "STICKY": "",
    "STICKY_CUSTOM": "line",
    "FORWARDFOR": "",
    "X_FORWARDED_PORT": "",
    "X_FORWARDED_PROTO": "",
    "HOST": "host",
    "PATH": "pattern path",
    "LOCATION": "pattern path",
    "SERVER": "name address port options",
}
TEMPLATES: Mapping[str, Template] = {name: Template(frozenset(blanks.split())) for name, blanks in _BLANKS.items()}
"""The templates by name, in the order of the file."""
