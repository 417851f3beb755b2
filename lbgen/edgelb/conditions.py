"""From the conditions of a rule to HAProxy's: one condition each, all of which must hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.edgelb.spelling import literal, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lbgen.edgelb.pool import Exemption, Frontend, Rule

BY_SNI, BY_HOST = "sni", "host"

_HOST_HEADER = ("req.hdr(host) -i -m reg", "req.hdr(host) -i -m reg")
_HOSTS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("HTTP", BY_SNI): _HOST_HEADER,
    ("HTTP", BY_HOST): _HOST_HEADER,
    ("HTTPS", BY_SNI): ("ssl_fc_sni -i", "ssl_fc_sni -i -m reg"),
    ("HTTPS", BY_HOST): _HOST_HEADER,
    ("TLS", BY_SNI): ("req.ssl_sni -i", "req.ssl_sni -i -m reg"),
    ("TLS", BY_HOST): ("req.ssl_sni -i", "req.ssl_sni -i -m reg"),
}
"""What a host name and a pattern of host names are compared with, by the frontend's protocol and the user's choice."""


def conditions(frontend: Frontend, rule: Rule, https_host: str) -> str:
    """The conditions of the rule; `https_host` says what tells the host of an HTTPS request."""
    equal, matching = _HOSTS[frontend.protocol, https_host]
    return " ".join(
        [
            *_one(equal, _whole_host(rule.host_eq) if equal is _HOST_HEADER[0] else rule.host_eq),
            *_one(matching, rule.host_reg),
            *_one("path_beg", rule.path_beg),
            *_one("path_reg", rule.path_reg),
            *_one("path_end", rule.path_end),
        ]
    )


def exemptions(listed: tuple[Exemption, ...]) -> str:
    """` unless ..` for the requests that are not redirected; nothing where all are."""
    cases = [
        " ".join([*_one(_HOST_HEADER[0], _whole_host(each.host)), *_one("path_beg", each.path_beg)]) for each in listed
    ]
    return f" unless {' or '.join(case or '{ always_true }' for case in cases)}" if cases else ""


def _whole_host(host: str) -> str:
    """An expression for the host, with or without a port behind it."""
    return f"^{literal(host)}(:[0-9]+)?$" if host else ""


def _one(test: str, text: str) -> Iterator[str]:
    if text:
        # What begins with a dash would be a flag of the comparison, and of a parenthesis HAProxy warns.
        yield f"{{ {test} {'-- ' if text.startswith(('-', '(')) else ''}{spelled(text)} }}"
