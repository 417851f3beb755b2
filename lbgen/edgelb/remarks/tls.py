"""Certificates that are not there, and TLS that is not what it seems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.edgelb.said import info, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.edgelb.pool import Frontend, Pool
    from lbgen.edgelb.said import Said


def tls(pool: Pool) -> Iterator[Said]:
    """Remarks about certificates and encrypted connections."""
    protocols = {backend.name: backend.protocol for backend in pool.backends}
    for frontend in pool.frontends:
        for index, certificate in enumerate(frontend.certificates):
            yield from _certificate(pool, f"{frontend.at}/certificates/{index}", certificate)
        if frontend.protocol == "TLS":
            yield from _passed_on(frontend, protocols)
    for backend in pool.backends:
        if backend.protocol == "HTTPS":
            message = 'the servers\' certificates are not verified: HAProxy is told "ssl verify none"'
            yield info("servers-not-verified", f"{backend.at}/protocol", message)


def _certificate(pool: Pool, at: str, certificate: str) -> Iterator[Said]:
    where, _, file = certificate.partition("/")
    files = {secret.get("file") for secret in pool.fields.get("secrets") or ()}
    if where == "$AUTOCERT" and not pool.fields.get("autoCertificate"):
        yield warning("no-certificate", at, "there is no automatic certificate", 'say "autoCertificate": true')
    elif where == "$SECRETS" and file not in files:
        yield warning(
            "no-certificate", at, f'no secret of the pool becomes the file "{file:.60}"', 'add it to "secrets"'
        )
    elif where == "$ENVFILE" and file not in pool.environment:
        message = f'there is no environment variable "{file:.60}"'
        yield warning("no-certificate", at, message, 'add it to "environmentVariables"')
    elif where == "$ENVFILE" and not file.startswith("ELB_FILE_"):
        message = f'the environment variable "{file:.60}" becomes no file: those that begin with ELB_FILE_ do'
        yield warning("no-certificate", at, message)


def _passed_on(frontend: Frontend, protocols: dict[str, str]) -> Iterator[Said]:
    yield info(
        "certificates-unused",
        f"{frontend.at}/certificates",
        "a TLS frontend passes connections on as they are: clients see the servers' certificates, not these",
        "HTTPS decrypts",
    )
    named = [(f"{frontend.at}/linkBackend/defaultBackend", frontend.default_backend)]
    named += [(f"{rule.at}/backend", rule.backend) for rule in frontend.rules]
    for at, name in named:
        if protocols.get(name) in {"HTTP", "HTTPS"}:
            message = f'the backend "{name:.60}" of {protocols[name]} gets connections that are still encrypted'
            help_ = "make the frontend HTTPS, which decrypts, or the backend TLS, which hands on"
            yield warning("tls-to-http", at, message, help_)
