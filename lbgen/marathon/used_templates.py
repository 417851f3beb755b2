"""Which templates a service is written with, in the order of the file, and which labels may replace each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from lbgen.marathon.backends import check_kind
from lbgen.marathon.portable import names_user_list
from lbgen.marathon.routing import (
    HTTP,
    HTTPS,
    MAP_APP_ID,
    MAP_HTTP,
    MAP_HTTP_SEVERAL,
    MAP_HTTPS,
    OVERRIDDEN_BY,
    case_of,
    in_map_for_http,
    in_map_for_https,
)
from lbgen.marathon.templates import TEMPLATES
from lbgen.render.override import opens_section, says_something

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from lbgen.marathon.plan import PlanOptions
    from lbgen.marathon.routing import Step
    from lbgen.model.service import Service


class Use(NamedTuple):
    """A template that is written for a service.

    `place` is where: a shared port, "users", "frontend" or "backend". `label` names the label that may replace it,
    without `HAPROXY_{n}_`, and is empty where none may. `less` are placeholders that it does not have here.
    """

    template: str
    place: str
    label: str
    less: frozenset[str] = frozenset()

    @property
    def placeholders(self) -> frozenset[str]:
        """What may be filled in."""
        return TEMPLATES[self.template].placeholders - self.less


def as_read(service: Service, *, portable: bool) -> Service:
    """The service as the plan of the dialect takes it: the portable one tidies it first."""
    if not portable:
        return service
    vhosts = tuple(dict.fromkeys(vhost.strip() for vhost in service.vhosts if vhost.strip()))
    if service.mode == "tcp":
        vhosts = ()
    auth = service.auth
    if auth is not None and service.mode == "http" and not auth.realm:
        auth = auth._replace(realm=service.app.id)
    return replace(service, vhosts=vhosts, several_vhosts=len(vhosts) > 1, auth=auth)


def used(
    service: Service, siblings: Sequence[Service], options: PlanOptions, operators: Mapping[str, str]
) -> tuple[Use, ...]:
    """The templates of the service; `siblings` are all services of its app, `operators` what the operator replaced."""
    return tuple(_Uses(as_read(service, portable=options.portable), options, operators).all(siblings))


def answers_app_id(service: Service, siblings: Sequence[Service]) -> bool:
    """Whether the service is the one of its app that the port for app ids, 9091, leads to."""
    own = (service.port, service.index)
    return _may_answer(service) and not any(_may_answer(each) and (each.port, each.index) < own for each in siblings)


def _may_answer(service: Service) -> bool:
    return service.mode == "http" and service.enabled is not False


class _Uses:
    """The uses of one service, part by part."""

    def __init__(self, service: Service, options: PlanOptions, operators: Mapping[str, str]) -> None:
        self.service = service
        self.options = options
        self.operators = operators
        self.case = case_of(service)

    def all(self, siblings: Sequence[Service]) -> Iterator[Use]:
        """Everything, in the order of the file."""
        service = self.service
        if service.auth is not None and service.auth.user:
            yield _use("USERLIST_HEAD", "users")
        on_shared = service.vhosts and self.options.bind_http_https
        yield from self._http() if on_shared else ()
        if answers_app_id(service, siblings):
            yield from self._app_id()
        yield from self._https() if on_shared else ()
        yield from self._frontend()
        yield from self._backend()

    def _http(self) -> Iterator[Use]:
        steps = HTTP[self.case]
        if self._mapped(steps, mapped=in_map_for_http(self.case)):
            yield _use(MAP_HTTP_SEVERAL if self.case.several else MAP_HTTP, "80")
            return
        for step in steps:
            yield _use(step.template, "80", step.less)

    def _https(self) -> Iterator[Use]:
        steps = HTTPS[self.case]
        grouped = self.options.portable and self.options.group_https_by_vhost
        if self._mapped(steps, mapped=in_map_for_https(self.case) and not grouped):
            yield _use(MAP_HTTPS, "443")
            return
        for step in steps:
            yield _use(step.template, "443", step.less)

    def _mapped(self, steps: Sequence[Step], *, mapped: bool) -> bool:
        """Whether a map answers in place of these steps: the portable dialect prefers what labels replace."""
        replaced = any(step.template in self.service.overrides for step in steps)
        return self.options.haproxy_map and mapped and not (self.options.portable and replaced)

    def _app_id(self) -> Iterator[Use]:
        own = self.options.portable and "HTTP_FRONTEND_APPID_ACL" in self.service.overrides
        yield _use(MAP_APP_ID if self.options.haproxy_map and not own else "HTTP_FRONTEND_APPID_ACL", "9091")
        if self._guarded():
            yield Use("PORTABLE_APPID_AUTH", "9091", "")

    def _frontend(self) -> Iterator[Use]:
        yield _use("FRONTEND_HEAD", "frontend")
        if self.options.portable and hides_frontend(self.service, self.operators):
            return
        if self._guarded() and self.service.mode == "http":
            yield Use("PORTABLE_FRONTEND_AUTH", "frontend", "")
        yield _use("FRONTEND_BACKEND_GLUE", "frontend")

    def _guarded(self) -> bool:
        service = self.service
        return self.options.portable and service.auth is not None and names_user_list(service, self.operators)

    def _backend(self) -> Iterator[Use]:
        service, portable = self.service, self.options.portable
        yield _use("BACKEND_HEAD", "backend")
        if service.mode == "http":
            yield from self._http_options()
        parts = (self._networks(), self._redirect())
        for part in parts if portable else reversed(parts):
            yield from part
        if service.sticky and not (portable and service.mode == "tcp"):
            yield _use("BACKEND_STICKY_OPTIONS", "backend")
        kind = None if service.check is None else check_kind(service, service.check)
        if kind is not None:
            yield _use(f"BACKEND_{kind}_HEALTHCHECK_OPTIONS", "backend")
        yield _use("BACKEND_SERVER_OPTIONS", "backend")
        if kind is not None and self._has_check_options():
            yield _use(f"BACKEND_SERVER_{kind}_HEALTHCHECK_OPTIONS", "backend")

    def _http_options(self) -> Iterator[Use]:
        service = self.service
        if service.use_hsts:
            yield _use("BACKEND_HSTS_OPTIONS", "backend")
        yield _use("BACKEND_HTTP_OPTIONS", "backend")
        if service.proxypass_path:
            name = "HTTP_BACKEND_PROXYPASS_GLUE"
            replaced = name in service.overrides or name in self.operators
            if self.options.portable and len(service.vhosts) != 1 and not replaced:
                yield Use("PORTABLE_PROXYPASS_ANY_HOST", "backend", "")
            else:
                yield _use(name, "backend")
        if service.revproxy_path:
            yield _use("HTTP_BACKEND_REVPROXY_GLUE", "backend")

    def _networks(self) -> Iterator[Use]:
        mode = self.service.mode
        if self.service.network_allowed and mode in {"http", "tcp"}:
            yield _use(f"{mode.upper()}_BACKEND_NETWORK_ALLOWED_ACL", "backend")
            yield _use(f"{mode.upper()}_BACKEND_ACL_ALLOW_DENY", "backend")

    def _redirect(self) -> Iterator[Use]:
        if self.service.redir_path and self.service.mode == "http":
            yield _use("HTTP_BACKEND_REDIR", "backend")

    def _has_check_options(self) -> bool:
        text = self.service.overrides.get("BACKEND_SERVER_OPTIONS", self.operators.get("BACKEND_SERVER_OPTIONS"))
        return text is None or "{healthCheckOptions" in text


def _use(template: str, place: str, less: Collection[str] = ()) -> Use:
    label = OVERRIDDEN_BY.get(template, template)
    return Use(template, place, label if TEMPLATES[label].by_label else "", frozenset(less))


def hides_frontend(service: Service, operators: Mapping[str, str]) -> bool:
    """Whether a label, or the operator, leaves the service port without a frontend."""
    own = service.overrides.get("FRONTEND_HEAD")
    if own is not None:
        return not opens_section(own, "frontend")
    text = operators.get("FRONTEND_HEAD")
    return text is not None and not any(says_something(line) for line in text.split("\n"))
