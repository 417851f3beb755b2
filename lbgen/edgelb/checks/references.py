"""Frontends and backends name each other rightly, and speak the same."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from lbgen.edgelb.checks.words import close_to
from lbgen.edgelb.said import Said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.edgelb.pool import Frontend, Pool


def references(pool: Pool) -> Iterator[Said]:
    """Backends that are not there, that nobody names, or that cannot serve the frontend that names them."""
    backends = {backend.name: backend for backend in pool.backends}
    used = set[str]()
    for frontend in pool.frontends:
        for pointer, name in _named(frontend):
            used.add(name)
            backend = backends.get(name)
            if backend is None:
                message = f'there is no backend "{name:.60}"'
                yield Said("unknown-backend", pointer, message, close_to(name, backends.keys()))
            elif frontend.http and backend.protocol in {"TCP", "TLS"}:
                message = f'a frontend of {frontend.protocol} cannot hand requests to "{name:.60}", '
                message += f"which speaks {backend.protocol}: HAProxy refuses it"
                yield Said("protocols-clash", pointer, message, "HTTP and HTTPS go together, and TCP and TLS")
    lost = used - backends.keys()
    for backend in pool.backends:
        # Where a frontend's name is a slip of it, that has been said.
        if backend.name and backend.name not in used and not get_close_matches(backend.name, lost):
            help_ = close_to(backend.name, used) if used else ""
            message = f'no frontend names the backend "{backend.name:.60}"; Edge-LB refuses such a pool'
            yield Said("unused-backend", f"{backend.at}/name", message, help_)


def _named(frontend: Frontend) -> Iterator[tuple[str, str]]:
    if frontend.default_backend:
        yield f"{frontend.at}/linkBackend/defaultBackend", frontend.default_backend
    for rule in frontend.rules:
        if rule.backend:
            yield f"{rule.at}/backend", rule.backend
