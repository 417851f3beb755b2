"""Which templates apps are written with, where each comes from, and which labels replace none of them."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.finding import Finding, of_error
from lbgen.marathon import names, network
from lbgen.marathon.labelled import labels_by_index, read_service
from lbgen.marathon.labels import IGNORED_TEMPLATE_LABELS
from lbgen.marathon.limits import MOST_PORTS
from lbgen.marathon.plan import PlanOptions
from lbgen.marathon.spared import redirects
from lbgen.marathon.unused_templates import Unused, why_unused
from lbgen.marathon.used_templates import Use, as_read, used
from lbgen.pipeline.generate import operators_templates

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lbgen.marathon.apps import MarathonApp
    from lbgen.model.service import Service
    from lbgen.pipeline.options import Options


class Written(NamedTuple):
    """A template that is written for a service: `label` or `source` put it there, or it is built in.

    `source` is a file, or a variable of the environment.
    """

    place: str
    template: str
    label: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class ServiceTemplates:
    """The templates of one service, in the order of the file; `unused` are labels that replace none of them."""

    service: Service
    written: tuple[Written, ...]
    unused: Mapping[str, Unused]

    @property
    def backend(self) -> str:
        """The name of its backend; empty where Marathon has yet to choose the port."""
        return names.backend_name(self.service.app.id, self.service.port) if self.service.port else ""


@dataclass(slots=True)
class Explained:
    """The services of each app by its id, in the order of the input, and labels that could not be read."""

    apps: dict[str, list[ServiceTemplates]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def explain(apps: Sequence[MarathonApp], options: Options) -> Explained:
    """The templates of all services of these apps, served or not.

    Raises InputError where a template of the operator's cannot be read.
    """
    explained = Explained()
    services = {app.ref.written: _services(app, explained.findings) for app in apps}
    explainer = _Explainer(options, [service for each in services.values() for service in each])
    for app_id, each in services.items():
        explained.apps[app_id] = [explainer.of(service, each) for service in each]
    return explained


def _services(app: MarathonApp, findings: list[Finding]) -> list[Service]:
    ports = network.service_ports(app.fields, network.mode(app.fields))[:MOST_PORTS]
    by_index = labels_by_index(app.labels)

    def told(error: object) -> None:
        findings.append(of_error(error))  # type: ignore[arg-type]

    return [read_service(app, index, port, by_index.get(index, {}), told) for index, port in enumerate(ports)]


class _Explainer:
    """Explains the services of one fleet; redirects leave routes of other services alone."""

    def __init__(self, options: Options, services: Sequence[Service]) -> None:
        self._options = PlanOptions(
            portable=options.portable,
            haproxy_map=options.haproxy_map,
            bind_http_https=options.bind_http_https,
            group_https_by_vhost=options.group_https_by_vhost,
        )
        self._replacements = operators_templates(options)
        self._operators = {name: replacement.text for name, replacement in self._replacements.items()}
        self._sparing = self._spare(services) if options.portable else frozenset()

    def _spare(self, services: Sequence[Service]) -> frozenset[tuple[str, int]]:
        ordered = sorted(services, key=lambda service: (service.app.id, service.port))
        read = [as_read(service, portable=True) for service in ordered]
        return frozenset((service.app.written, service.index) for service, _ in redirects(read, self._operators))

    def of(self, service: Service, siblings: Sequence[Service]) -> ServiceTemplates:
        """The templates of one service."""
        uses = used(service, siblings, self._options, self._operators)
        written = tuple(self._written(service, use) for use in self._with_spared(service, uses))
        return ServiceTemplates(service, written, dict(self._unused(service, uses)))

    def _with_spared(self, service: Service, uses: Sequence[Use]) -> Iterator[Use]:
        for use in uses:
            if use.template.startswith("BACKEND_REDIRECT") and (service.app.written, service.index) in self._sparing:
                yield Use("PORTABLE_SPARED_PATH", use.place, "")
                yield Use("PORTABLE_REDIRECT_HTTP_TO_HTTPS", use.place, "")
            else:
                yield use

    def _written(self, service: Service, use: Use) -> Written:
        if use.label in service.overrides:
            return Written(use.place, use.template, label=f"HAPROXY_{service.index}_{use.label}")
        replacement = self._replacements.get(use.template)
        return Written(use.place, use.template, source="" if replacement is None else replacement.source)

    def _unused(self, service: Service, uses: Sequence[Use]) -> Iterator[tuple[str, Unused]]:
        replaced = {use.label for use in uses}
        ignored = [name for name in service.labels if name in IGNORED_TEMPLATE_LABELS]
        for name in (*service.overrides, *ignored):
            if name not in replaced:
                why = why_unused(name, service, uses, self._options, self._operators)
                yield f"HAPROXY_{service.index}_{name}", why
