"""From services to the plan of a configuration, piece by piece in Marathon-LB's order."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from lbgen.dataclass import dataclass
from lbgen.errors import AppError, InputError, unexpected
from lbgen.finding import Finding, Severity
from lbgen.marathon import heads, portable
from lbgen.marathon.backends import backend
from lbgen.marathon.fragments import Pieces
from lbgen.marathon.grouped import Grouped
from lbgen.marathon.maps import Maps, Placed
from lbgen.marathon.routing import HTTP, HTTPS, MAP_APP_ID, case_of
from lbgen.marathon.spared import Sparing
from lbgen.model.plan import Fragment, Plan, Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.marathon.routing import Step
    from lbgen.model.service import Service
    from lbgen.render.templates import Templates


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """What the operator says about the file; `haproxy_dir` is where the maps will be."""

    portable: bool = True
    haproxy_map: bool = False
    haproxy_dir: str = "/etc/haproxy"
    bind_http_https: bool = True
    group_https_by_vhost: bool = False
    ssl_certs: tuple[str, ...] = ("/etc/ssl/cert.pem",)
    unsafe_templates: bool = False


@dataclass(slots=True)
class PlanResult:
    """The plan, what is to be said about it, and the services that it cannot be made for."""

    plan: Plan
    findings: list[Finding]
    faults: list[tuple[Service, AppError]]


Entry = tuple[int, list[Fragment]]
"""The rules of one service on a shared frontend, behind their weight."""


def plan(services: Sequence[Service], templates: Templates, options: PlanOptions) -> PlanResult:
    """The plan of the whole file for these services, which come in their order."""
    builder = _Builder(templates, options)
    if options.portable:
        builder.adjust(services)
    for service in services:
        builder.add(service)
    return PlanResult(builder.plan(), builder.adjusted.findings, builder.faults)


@dataclass(slots=True)
class _Builder:
    """Collects the pieces of every service, then puts them into the order of the file."""

    templates: Templates
    options: PlanOptions
    faults: list[tuple[Service, AppError]] = field(default_factory=list)
    adjusted: portable.Adjusted = field(default_factory=portable.Adjusted)
    user_lists: list[Fragment] = field(default_factory=list)
    http: list[Entry] = field(default_factory=list)
    https: list[Entry] = field(default_factory=list)
    app_ids: list[Fragment] = field(default_factory=list)
    frontends: list[Section] = field(default_factory=list)
    backends: list[Section] = field(default_factory=list)
    grouped: Grouped = field(default_factory=Grouped)
    maps: Maps = field(init=False)
    operators: dict[str, str] = field(init=False)
    sparing: Sparing = field(init=False)
    seen_app_ids: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.sparing = Sparing(self.templates)
        self.operators = {name: replacement.text for name, replacement in self.templates.replacements.items()}
        self.maps = Maps(self.options.haproxy_dir, portable=self.options.portable, grouped=self._groups)

    @property
    def _groups(self) -> bool:
        return self.options.group_https_by_vhost

    def adjust(self, services: Sequence[Service]) -> None:
        """Settles what the portable dialect does otherwise."""
        self.adjusted = portable.adjust(
            services, grouped=self._groups and self.options.bind_http_https, operators=self.operators
        )
        self.faults += self.adjusted.faults
        if self.options.haproxy_map and self._groups and self.options.bind_http_https:
            text = "443 is grouped by vhost and has rules of its own; Marathon-LB would ask the map for one vhost only"
            self.adjusted.findings.append(Finding("map-not-grouped", Severity.INFO, text, help=portable.SEE))

    def add(self, service: Service) -> None:
        """Adds the pieces of one service; what is wrong with it is noted."""
        try:
            pieces = Pieces(service, self.templates, unsafe=self.options.unsafe_templates)
            pieces.values |= self.adjusted.values.get(id(service), {})
            self._add(pieces)
        except AppError as error:
            self.faults.append((service, error))
        except InputError:
            # An operator's template is nobody's fault but the operator's.
            raise
        except Exception as error:  # noqa: BLE001 - whatever one app holds, the others are served
            self.faults.append((service, unexpected(error, service.app.because().origin())))

    def _add(self, pieces: Pieces) -> None:
        service = pieces.service
        if service.auth is not None and service.auth.user:
            self.user_lists.append(self._checked_head(pieces, "USERLIST_HEAD"))
        if service.vhosts:
            self._add_vhosts(pieces)
        if service.mode == "http" and service.app.id not in self.seen_app_ids:
            self.seen_app_ids.add(service.app.id)
            self.app_ids += self._app_id(pieces)
        self.frontends.append(Section(list(self._frontend(pieces))))
        self._checked_head(pieces, "BACKEND_HEAD")
        self.backends.append(Section(backend(pieces, portable=self.options.portable)))

    def _checked_head(self, pieces: Pieces, name: str) -> Fragment:
        fragment = pieces.fragment(name)
        if fragment.overridden and (self.options.portable or not self.options.unsafe_templates):
            heads.check_head(pieces, name, portable=self.options.portable)
        return fragment

    def _add_vhosts(self, pieces: Pieces) -> None:
        service = pieces.service
        placed = self._placed(pieces)
        self.http.append((placed.weight, list(self._http(pieces)) if placed.http is None else placed.http))
        if not self._groups:
            https = list(self._https(pieces, service.vhosts)) if placed.https is None else placed.https
            self.https.append((placed.https_weight, https))
            return
        for position, vhost in enumerate(service.vhosts):
            if placed.https is None:
                rules = list(self._https(pieces, (vhost,)))
            else:
                rules = placed.https if position == 0 else []
            self.grouped.add(service, vhost, placed.https_weight, rules)

    def _placed(self, pieces: Pieces) -> Placed:
        service = pieces.service
        if not self.options.haproxy_map:
            return Placed(None, None, service.weight, service.weight)
        placed = self.maps.place(pieces)
        if label := self.maps.kept_out_by(pieces):
            message = "replaces a rule of this service only; Marathon-LB would put it in place of everybody's map"
            self.adjusted.note(service, "kept-out-of-map", message, label)
        elif self.options.portable and placed.http is None and placed.weight < 0:
            message = "stands behind the map, and is asked where the map knows nothing; in Marathon-LB it never is"
            self.adjusted.note(service, "behind-the-map", message, "BACKEND_WEIGHT")
        return placed

    def _http(self, pieces: Pieces) -> Iterator[Fragment]:
        """The rules on port 80."""
        service = pieces.service
        redirects = self.adjusted.redirects.get(id(service))
        for step in HTTP[case_of(service)]:
            if redirects and step.template.startswith("BACKEND_REDIRECT"):
                yield from self.sparing.fragments(pieces, redirects)
            else:
                yield from _steps(pieces, step, service.vhosts)

    def _https(self, pieces: Pieces, vhosts: Sequence[str]) -> Iterator[Fragment]:
        """The rules on port 443 for these vhosts of the service."""
        for step in HTTPS[case_of(pieces.service)]:
            yield from _steps(pieces, step, vhosts)

    def _app_id(self, pieces: Pieces) -> Iterator[Fragment]:
        """The rules on the port that tells apps apart by the header X-Marathon-App-Id."""
        own_rule = self.options.portable and pieces.override(MAP_APP_ID) is not None
        if not self.options.haproxy_map or own_rule:
            yield pieces.fragment("HTTP_FRONTEND_APPID_ACL")
        else:
            if self.options.portable and pieces.service.app.id != pieces.service.app.id.lower():
                message = "is in the map of app ids in lower case; as Marathon-LB writes it there, it is never found"
                self.adjusted.note(pieces.service, "app-id-lower-cased", message)
            if self.maps.add_app(pieces):
                yield pieces.fragment(MAP_APP_ID, haproxy_dir=self.options.haproxy_dir)
        if self._guarded(pieces):
            yield pieces.fragment("PORTABLE_APPID_AUTH")

    def _frontend(self, pieces: Pieces) -> Iterator[Fragment]:
        """The frontend of the service port."""
        head = self._checked_head(pieces, "FRONTEND_HEAD")
        yield head._replace(text=heads.named_apart(head.text)) if self.options.portable else head
        if self.options.portable and heads.hides_frontend(pieces):
            if pieces.replaced("FRONTEND_BACKEND_GLUE") != "":
                message = "opens no frontend, so no rule is written for it; Marathon-LB would put one into another's"
                self.adjusted.note(pieces.service, "hidden-frontend", message, "FRONTEND_HEAD")
            return
        if self._guarded(pieces) and pieces.service.mode == "http":
            yield pieces.fragment("PORTABLE_FRONTEND_AUTH")
        yield pieces.fragment("FRONTEND_BACKEND_GLUE")

    def _guarded(self, pieces: Pieces) -> bool:
        """Whether doors that Marathon-LB leaves open ask for the password too."""
        auth = pieces.service.auth
        return self.options.portable and auth is not None and portable.names_user_list(pieces.service, self.operators)

    def plan(self) -> Plan:
        """Everything, in the order of the file."""
        made = Plan([Section([self._fixed("HEAD", haproxy_dir=self.options.haproxy_dir)]), Section(self.user_lists)])
        if self.options.bind_http_https:
            made.sections.append(self._shared("HTTP_FRONTEND_HEAD", _by_weight(self.http)))
        made.sections.append(self._shared("HTTP_FRONTEND_APPID_HEAD", self.app_ids))
        if self.options.bind_http_https:
            made.sections += self._https_sections()
        made.sections += self.frontends
        made.sections += self.backends
        if self.options.haproxy_map:
            made.maps = self.maps.files()
        return made

    def _https_sections(self) -> Iterator[Section]:
        certs = _crt(self.options.ssl_certs)
        if not self._groups:
            yield self._shared("HTTPS_FRONTEND_HEAD", _by_weight(self.https), sslCerts=certs)
            return
        rules = [self._fixed("HTTPS_GROUPED_VHOST_FRONTEND_ACL", **values) for values in self.grouped.sni_rules()]
        yield self._shared("HTTPS_GROUPED_FRONTEND_HEAD", rules)
        for group in self.grouped.groups():
            yield Section([self._fixed("HTTPS_GROUPED_VHOST_BACKEND_HEAD", name=group.name)])
            values = {
                "name": group.name,
                "sslCerts": _crt(sorted(group.certs) or list(dict.fromkeys(self.options.ssl_certs))),
                "bindOpts": " ".join(f" {options}" for options in sorted(group.bind_options)),
            }
            yield self._shared("HTTPS_GROUPED_VHOST_FRONTEND_HEAD", _by_weight(group.entries), **values)

    def _fixed(self, template: str, /, **values: Any) -> Fragment:
        """A fragment that is no service's."""
        return Fragment(template, self.templates.text(template), values)

    def _shared(self, head: str, rules: Sequence[Fragment], /, **values: Any) -> Section:
        first = self._fixed(head, **values)
        if self.options.portable:
            first = first._replace(text=heads.named_apart(first.text))
        return Section([first, *rules], by_evaluation=self.options.portable)


def _steps(pieces: Pieces, step: Step, vhosts: Sequence[str]) -> Iterator[Fragment]:
    if not step.each_vhost:
        yield pieces.step(step, hostname=pieces.service.vhosts[0])
        return
    for vhost in vhosts:
        yield pieces.step(step, hostname=vhost)


def _by_weight(entries: Sequence[Entry]) -> list[Fragment]:
    ordered = sorted(entries, key=lambda entry: -entry[0])
    return [fragment for _, fragments in ordered for fragment in fragments]


def _crt(certs: Sequence[str]) -> str:
    return " ".join(f"crt {cert}" for cert in certs)
