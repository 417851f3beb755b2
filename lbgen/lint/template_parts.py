"""What the built-in templates have that a label which replaces one may leave out, and what happens then."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.marathon.backends import check_kind
from lbgen.marathon.deployment import GROUP

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lbgen.lint.label_templates import Override
    from lbgen.lint.subjects import App


class Part(NamedTuple):
    """What a template should have: a placeholder, or `words` that say it otherwise, if the app needs it.

    `without` is what happens otherwise; in it, `{n}` stands for the port index.
    """

    blank: str
    words: str
    needed: Callable[[Override, App], object]
    without: str


def _kept(override: Override, _app: App) -> bool:
    return override.service.sticky and override.service.mode == "http"


def _checked(override: Override, _app: App) -> bool:
    service = override.service
    return service.check is not None and check_kind(service, service.check) is not None


_HEAD = (
    Part("bindAddr", r"\bbind\s", lambda it, _: it.service.bind_addr != "*", "HAPROXY_{n}_BIND_ADDR has no effect"),
    Part("sslCert", r"\bssl\b", lambda it, _: it.service.ssl_cert, "HAPROXY_{n}_SSL_CERT has no effect"),
    Part("bindOptions", r"\Z.", lambda it, _: it.service.bind_options, "HAPROXY_{n}_BIND_OPTIONS has no effect"),
)
PARTS: Mapping[str, tuple[Part, ...]] = {
    "BACKEND_HEAD": (
        Part(
            "balance", r"^\s*balance\b", lambda it, _: "BALANCE" in it.service.labels, "HAPROXY_{n}_BALANCE is ignored"
        ),
    ),
    "FRONTEND_HEAD": _HEAD,
    "BACKEND_SERVER_OPTIONS": (
        Part("cookieOptions", r"\bcookie\s", _kept, "clients are not kept at their server"),
        Part("healthCheckOptions", r"\scheck\b", _checked, "servers are not checked"),
        Part("otherOptions", r"\Z.", lambda _, app: GROUP in app.app.labels, "draining tasks get new connections"),
    ),
}
