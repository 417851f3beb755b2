"""The lines of a frontend, in Edge-LB's order."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from lbgen.edgelb.checks.frontends import KEYS
from lbgen.edgelb.conditions import conditions, exemptions
from lbgen.edgelb.spelling import spelled
from lbgen.model.plan import Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lbgen.edgelb.pieces import Pieces, Reason
    from lbgen.edgelb.plan import PlanOptions
    from lbgen.edgelb.pool import Frontend, Rule
    from lbgen.model.plan import Fragment


def frontend_section(
    pieces: Pieces, frontend: Frontend, name: str, ports: Mapping[str, str], options: PlanOptions
) -> Section:
    """The frontend under this name; `ports` are the ports that are chosen at run time, by pointer."""
    named = (f"{frontend.at}/name", frontend.name) if frontend.named else (frontend.at, "")
    made = [pieces.fragment("FRONTEND", named, name=name)]
    made += _bind(pieces, frontend, ports, options)
    made += _traffic(pieces, frontend)
    for index, line in enumerate(frontend.misc):
        if line:
            made.append(pieces.line(f"{frontend.at}/miscStrs/{index}", line))
    for rule in frontend.rules:
        reasons = (f"{rule.at}/backend", rule.backend), *_conditions(rule), (rule.at, "")
        met = conditions(frontend, rule, options.https_host)
        made.append(pieces.fragment("USE_BACKEND", *reasons, backend=rule.backend, conditions=met))
    if frontend.default_backend:
        reason = f"{frontend.at}/linkBackend/defaultBackend", frontend.default_backend
        made.append(pieces.fragment("DEFAULT_BACKEND", reason, backend=frontend.default_backend))
    # HAProxy warns of lines that do not stand in the order in which it works through them.
    return Section(made, by_evaluation=pieces.portable and any(frontend.misc))


def _bind(pieces: Pieces, frontend: Frontend, ports: Mapping[str, str], options: PlanOptions) -> Iterator[Fragment]:
    port = ports.get(frontend.at, str(frontend.port))
    reasons: list[Reason] = [(f"{frontend.at}/bindModifier", frontend.modifier)] if frontend.modifier else []
    tls = ""
    if frontend.protocol == "HTTPS":
        tls = " ssl"
        for index, certificate in enumerate(frontend.certificates):
            path = certificate_path(certificate, options)
            tls += f" crt {path}"
            reasons.append((f"{frontend.at}/certificates/{index}", path))
    reasons += [(f"{frontend.at}/bindPort", port), (f"{frontend.at}/bindAddress", frontend.address)]
    modifier = f" {frontend.modifier}" if frontend.modifier else ""
    yield pieces.fragment("BIND", *reasons, address=frontend.address, port=port, tls=tls, modifier=modifier)


def certificate_path(certificate: str, options: PlanOptions) -> str:
    """The file of a certificate as the line has it."""
    if not options.portable:
        return f'"$MESOS_SANDBOX/{certificate}"'
    return spelled(posixpath.join(options.certificates, certificate_file(certificate)))


def certificate_file(certificate: str) -> str:
    """The file of a certificate, as seen from the directory of certificates."""
    where, _, file = certificate.partition("/")
    return {"$AUTOCERT": "autocert.pem", "$SECRETS": f"secrets/{file}", "$ENVFILE": f"envfile/{file}"}[where]


def _traffic(pieces: Pieces, frontend: Frontend) -> Iterator[Fragment]:
    reason = f"{frontend.at}/protocol", frontend.protocol
    yield pieces.fragment("FRONTEND_HTTP" if frontend.http else "FRONTEND_TCP", reason)
    if frontend.protocol == "TLS":
        yield pieces.fragment("TLS_INSPECTION", reason)
    if frontend.redirect is not None:
        unless = exemptions(frontend.redirect)
        yield pieces.fragment("REDIRECT", (f"{frontend.at}/redirectToHttps", ""), unless=unless)


def _conditions(rule: Rule) -> Iterator[Reason]:
    for name, key in KEYS.items():
        if text := getattr(rule, name):
            yield f"{rule.at}/{key}", text
