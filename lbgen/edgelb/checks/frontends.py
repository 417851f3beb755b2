"""What must hold of the frontends of a pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.edgelb.checks.expressions import expression
from lbgen.edgelb.checks.head import PORTS, bad_address
from lbgen.edgelb.checks.texts import NAME, hint, judged, line_problem, pattern_problem, tail_problem, word_problem
from lbgen.edgelb.checks.words import PROTOCOLS, in_range, missing, one_of, repeated
from lbgen.edgelb.said import Said, warning
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lbgen.edgelb.pool import Frontend, Pool, Rule

CERTIFICATE = regex(r"\$AUTOCERT|\$(?P<where>SECRETS|ENVFILE)/(?P<file>[A-Za-z0-9_-]+)")
KEYS: Mapping[str, str] = {
    "host_eq": "hostEq",
    "host_reg": "hostReg",
    "path_beg": "pathBeg",
    "path_reg": "pathReg",
    "path_end": "pathEnd",
}
"""The conditions of a rule by the names that they have here."""
_EXPRESSIONS = frozenset({"host_reg", "path_reg"})
_NO_CONDITIONS = {
    "TCP": frozenset(KEYS),
    "TLS": frozenset({"path_beg", "path_reg", "path_end"}),
}
_WHY = {
    "TCP": "nothing of a request is seen on a TCP frontend",
    "TLS": "a TLS frontend passes on what it cannot decrypt; only the host name is seen",
}


def frontends(pool: Pool) -> Iterator[Said]:
    """The faults of the frontends."""
    if not pool.frontends:
        message = "the pool has no frontend, and answers nobody"
        yield warning("no-frontend", f"{pool.at}/haproxy/frontends", message)
    for frontend in pool.frontends:
        yield from _frontend(frontend)
        for rule in frontend.rules:
            yield from _rule(frontend, rule)
    yield from repeated(((_named_at(frontend), frontend.name) for frontend in pool.frontends), "the frontend name")
    ports = [(f"{pool.stats.at}/bindPort", pool.stats.port)]
    ports += [(f"{frontend.at}/bindPort", frontend.port) for frontend in pool.frontends]
    yield from repeated(((at, port) for at, port in ports if port > 0), "port", "port-clash")


def _named_at(frontend: Frontend) -> str:
    return f"{frontend.at}/name" if frontend.named else frontend.at


def _frontend(frontend: Frontend) -> Iterator[Said]:
    at = frontend.at
    if not NAME.fullmatch(frontend.name) and frontend.named:
        message = f"\"name\" should be letters, digits, ':', '_', '.' and '-', is \"{frontend.name:.60}\""
        yield Said("bad-pool-name", f"{at}/name", message, hint(frontend.name))
    if frontend.port == -1:
        yield missing(at, "bindPort")
    else:
        yield from in_range(f"{at}/bindPort", frontend.port, PORTS)
    yield from bad_address(f"{at}/bindAddress", frontend.address)
    yield from judged(f"{at}/bindModifier", frontend.modifier, tail_problem)
    for index, text in enumerate(frontend.misc):
        yield from judged(f"{at}/miscStrs/{index}", text, line_problem)
    if not frontend.protocol:
        yield missing(at, "protocol", ": HTTP, HTTPS, TCP or TLS")
        return
    yield from one_of(f"{at}/protocol", frontend.protocol, PROTOCOLS)
    yield from _certificates(frontend)
    yield from _redirect(frontend)


def _certificates(frontend: Frontend) -> Iterator[Said]:
    at = f"{frontend.at}/certificates"
    if frontend.protocol in {"HTTPS", "TLS"} and not frontend.certificates:
        help_ = '"$AUTOCERT" with "autoCertificate": true, "$SECRETS/<file>", or "$ENVFILE/<variable>"'
        yield Said("value-missing", at, f'"certificates" are missing; {frontend.protocol} needs at least one', help_)
    for index, certificate in enumerate(frontend.certificates):
        if not CERTIFICATE.fullmatch(certificate):
            message = f'"{certificate:.60}" is no certificate: $AUTOCERT, $SECRETS/<file> and $ENVFILE/<name> are'
            yield Said("bad-pool-value", f"{at}/{index}", message)


def _redirect(frontend: Frontend) -> Iterator[Said]:
    if frontend.redirect is None:
        return
    if frontend.protocol in PROTOCOLS and frontend.protocol != "HTTP":
        message = f'"redirectToHttps" is for HTTP; this frontend speaks {frontend.protocol}'
        yield Said("bad-redirect", f"{frontend.at}/redirectToHttps", message)
    for exemption in frontend.redirect:
        if not exemption.host and not exemption.path_beg:
            message = 'neither "host" nor "pathBeg": the exception is for everything, and nothing is redirected'
            yield warning("empty-exception", exemption.at, message)
        yield from judged(f"{exemption.at}/host", exemption.host, word_problem)
        yield from judged(f"{exemption.at}/pathBeg", exemption.path_beg, pattern_problem)


def _rule(frontend: Frontend, rule: Rule) -> Iterator[Said]:
    if not rule.backend:
        yield missing(rule.at, "backend")
    if not any(rule.conditions):
        message = "the rule has no condition; what is for all requests is the defaultBackend"
        yield Said("value-missing", rule.at, message)
    impossible = _NO_CONDITIONS.get(frontend.protocol, frozenset())
    for name, key in KEYS.items():
        text = getattr(rule, name)
        if text and name in impossible:
            yield Said("bad-condition", f"{rule.at}/{key}", f'"{key}" cannot be known: {_WHY[frontend.protocol]}')
        yield from judged(f"{rule.at}/{key}", text, word_problem if name == "host_eq" else pattern_problem)
        if text and name in _EXPRESSIONS:
            yield from expression(f"{rule.at}/{key}", text)
