"""Where requests go, and where they go that nobody thought of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.edgelb.globs import as_expression
from lbgen.edgelb.said import info, warning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.edgelb.pool import Exemption, Frontend, Pool
    from lbgen.edgelb.said import Said


def routes(pool: Pool) -> Iterator[Said]:
    """Remarks about redirects, rules, and frontends that lead nowhere."""
    for frontend in pool.frontends:
        # What redirects on any other frontend is refused.
        if frontend.redirect is not None and frontend.protocol == "HTTP":
            yield from _redirect(frontend, frontend.redirect, pool)
        if frontend.redirect is None and not frontend.rules and not frontend.default_backend:
            message = "the frontend leads to no backend: all it answers is 503"
            yield warning("no-route", f"{frontend.at}/linkBackend", message)
        for rule in frontend.rules:
            if "*" in rule.host_eq:
                message = f'"{rule.host_eq:.60}" is taken as it is: a host name with a star in it'
                help_ = '"hostReg" takes an expression, as in ^[^.]+\\.example\\.com$'
                at = f"{rule.at}/hostEq"
                fix = None if rule.host_reg else as_expression(at, rule.host_eq)
                yield warning("star-in-host", at, message, help_, fix)
            if rule.path_beg and not rule.path_beg.startswith("/"):
                message = f'no path begins with "{rule.path_beg:.60}": every one begins with "/"'
                yield warning("path-without-slash", f"{rule.at}/pathBeg", message)


def _redirect(frontend: Frontend, redirect: Sequence[Exemption], pool: Pool) -> Iterator[Said]:
    at = f"{frontend.at}/redirectToHttps"
    # TCP may be TLS that the servers speak.
    if all(other.port != 443 or other.protocol == "HTTP" for other in pool.frontends):
        message = "requests are sent to https:// on port 443, where this pool does not listen"
        secure = {other.port for other in pool.frontends if other.protocol in {"HTTPS", "TLS"}} - {0}
        if secure:
            message += f"; its HTTPS is on {', '.join(map(str, sorted(secure)))}"
        yield warning("redirect-to-nowhere", at, message)
    routed = frontend.rules or frontend.default_backend
    if not redirect and routed:
        message = "all requests are redirected: the backends of this frontend never get one"
        yield warning("redirects-all", at, message, '"except" leaves some on HTTP')
    elif not redirect:
        yield info("redirects-all", at, "all requests are redirected, and no backend stands behind the frontend")
    elif not routed:
        yield warning("no-route", at, "what is not redirected is answered with 503: the frontend leads to no backend")
