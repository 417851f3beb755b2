"""From apps to a configuration, leaving out the apps that cannot be served and nobody else."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from lbgen.dataclass import dataclass
from lbgen.errors import InputError
from lbgen.finding import Finding, Severity, of_error
from lbgen.haproxy.words import quote_word
from lbgen.marathon import planned
from lbgen.marathon.plan import PlanOptions, plan
from lbgen.marathon.reasons import reasons_for
from lbgen.marathon.services import ServiceOptions, services
from lbgen.marathon.templates import PORTABLE_TEMPLATES, TEMPLATES
from lbgen.origin import Origin
from lbgen.pipeline.options import DEFAULT_OPTIONS, Options
from lbgen.pipeline.remarks import nobody_asked, what_was_planned
from lbgen.pipeline.reserved import held, taken
from lbgen.pipeline.resolve import resolver
from lbgen.render.templates import Templates, from_directory, from_environment, strangers
from lbgen.render.writer import Rendered, Unfillable, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lbgen.errors import AppError
    from lbgen.marathon.apps import MarathonApp
    from lbgen.marathon.services import Services
    from lbgen.model.service import AppRef, Service
    from lbgen.pipeline.inputs import Inputs
    from lbgen.render.templates import Replacement

    Resolve = Callable[[str], str | None]


@dataclass(slots=True)
class Generated:
    """What came of a fleet: the configuration, if there is one, and all that is to be said.

    `services` are those that the text serves; `names_left_out` are the apps that it does not and should, and documents
    that may have held some.
    """

    rendered: Rendered | None
    findings: list[Finding]
    services: Sequence[Service]
    names_left_out: Sequence[str]
    planned: planned.Planned

    @property
    def left_out(self) -> int:
        """How many apps and documents are left out."""
        return len(self.names_left_out)


def from_apps(
    inputs: Inputs,
    options: Options,
    *,
    without: Iterable[AppRef] = (),
    resolve: Resolve | None = None,
    may_be_empty: bool = False,
) -> Generated:
    """The configuration for the apps, without those named and those that are at fault.

    `resolve` answers in place of the resolver. With `may_be_empty` there is a configuration even for nobody. Raises
    InputError where a template of the operator's is not usable.
    """
    fleet = _Fleet(
        _templates(options), options, resolve or resolver(options.hosts), {_key(ref): ref for ref in without}
    )
    fleet.asked = bool(fleet.out)
    apps, filled = _planned([app for app in inputs.apps if _key(app.ref) not in fleet.out], inputs, options)
    fleet.findings += [*inputs.findings, *filled.findings, *_strange_templates(options)]
    found, rendered = fleet.settled(apps)
    findings = [*fleet.findings, *what_was_planned(filled, found.services)]
    names = [*inputs.left_out, *sorted(filled.left_out), *sorted({ref.written for ref in fleet.out.values()})]
    if not fleet.asked and (inputs.apps or not names):
        findings.append(nobody_asked(inputs, options))
    # Without the apps at fault there may be nobody left, and a file without any must not take a good one's place.
    if not found.asked and not may_be_empty:
        rendered = None
    return Generated(rendered, list(dict.fromkeys(findings)), found.services, names, filled)


def _planned(apps: list[MarathonApp], inputs: Inputs, options: Options) -> tuple[list[MarathonApp], planned.Planned]:
    """The apps with tasks and ports for what is not deployed yet, and what was chosen."""
    return planned.complete(
        apps,
        inputs.tasks,
        service_ports=options.service_ports,
        taken=taken(inputs.apps, options),
        held=held(options),
    )


@dataclass(slots=True)
class _Fleet:
    """What is needed to generate, who is left out until now, and what has been found.

    `asked` tells whether any app asks for this load balancer, be it one that is left out.
    """

    templates: Templates
    options: Options
    resolve: Resolve
    out: dict[tuple[str, str], AppRef]
    findings: list[Finding] = field(default_factory=list)
    asked: bool = False

    def settled(self, apps: Sequence[MarathonApp]) -> tuple[Services, Rendered | None]:
        """The services of those of the apps that nothing speaks against, and the text for them."""
        while True:
            found = services(apps, _service_options(self.options, self.resolve))
            self._leave_out(found)
            rendered, more, blamed = _render(found, self.templates, self.options)
            self.findings += more
            if not blamed:
                return found, rendered
            self.out |= blamed
            # Who was at fault stays out, even where nothing speaks against it any more without the others.
            apps = [app for app in found.apps if _key(app.ref) not in blamed]

    def _leave_out(self, found: Services) -> None:
        self.findings += found.findings
        self.out |= {_key(ref): ref for ref in found.left_out}
        self.asked = self.asked or found.asked or bool(found.left_out)


def _key(ref: AppRef) -> tuple[str, str]:
    return ref.document, ref.pointer


def _render(
    found: Services, templates: Templates, options: Options
) -> tuple[Rendered | None, list[Finding], dict[tuple[str, str], AppRef]]:
    """The text, findings, and the apps that it cannot be written with."""
    result = plan(found.services, templates, _plan_options(options))
    if result.faults:
        return (None, *_blamed(result.faults))
    opens = None if options.unsafe_templates else {name: row.opens for name, row in templates.rows.items()}
    written = write(result.plan, reasons_for(templates.replacements), end_lines=options.portable, opens=opens)
    if isinstance(written, Unfillable):
        return (None, *_blamed(written.faults))
    return written, result.findings, {}


def _blamed(faults: Iterable[tuple[Service, AppError]]) -> tuple[list[Finding], dict[tuple[str, str], AppRef]]:
    faults = list(faults)
    return [of_error(error) for _, error in faults], {_key(service.app): service.app for service, _ in faults}


def _service_options(options: Options, resolve: Any) -> ServiceOptions:
    return ServiceOptions(
        groups=options.groups,
        strict=options.strict_mode,
        health_check=options.health_check,
        auto_ports=options.auto_ports,
        framework=options.environ.get("FRAMEWORK_NAME"),
        resolve=resolve,
    )


def _plan_options(options: Options) -> PlanOptions:
    return PlanOptions(
        portable=options.portable,
        haproxy_map=options.haproxy_map,
        haproxy_dir=options.haproxy_dir,
        bind_http_https=options.bind_http_https,
        group_https_by_vhost=options.group_https_by_vhost,
        ssl_certs=tuple(quote_word(path) for path in options.ssl_certs),
        unsafe_templates=options.unsafe_templates,
    )


def _templates(options: Options) -> Templates:
    lua_dir = options.lua_dir or (None if options.portable else "/marathon-lb")
    constants = {
        "dialect": options.dialect,
        "lua_dir": quote_word(lua_dir) if lua_dir else None,
        "stats_socket": quote_word(options.stats_socket) if options.stats_socket else None,
        "status_socket": quote_word(options.status_socket) if options.status_socket else None,
        "signals_for_all": options.compat_endpoints or not options.status_socket,
        "state_dir": quote_word(options.state_dir) if options.state_dir else None,
        "options": _default_options(options),
    }
    replacements = operators_templates(options)
    _check_head(options, replacements)
    rows = {**TEMPLATES, **PORTABLE_TEMPLATES}
    return Templates("marathon_lb", rows, constants, _EXTRA, replacements)


def operators_templates(options: Options) -> dict[str, Replacement]:
    """What the operator puts in place of templates, by name; raises InputError where a file cannot be read."""
    replacements = from_environment(options.environ, TEMPLATES)
    if options.templates is not None:
        replacements = from_directory(options.templates, TEMPLATES) | replacements
    return replacements


def _strange_templates(options: Options) -> Iterable[Finding]:
    """Files of the templates directory that nobody reads, though they look as if somebody should."""
    for path, name in strangers(options.templates, TEMPLATES) if options.templates is not None else ():
        text = f"there is no template {path.name}, and nobody reads this file"
        help_ = f"did you mean {name}?" if name else ""
        yield Finding("unknown-template", Severity.WARNING, text, Origin(str(path)), help=help_)


# Built-in templates know one name that users' templates do not.
_EXTRA = frozenset({"frontend"})


def _default_options(options: Options) -> list[str]:
    text = options.environ.get("HAPROXY_GLOBAL_DEFAULT_OPTIONS", DEFAULT_OPTIONS)
    return sorted({option.strip() for option in text.split(",")})


def _check_head(options: Options, replacements: Any) -> None:
    """Marathon-LB stops at a HEAD of an operator who has not heard of its way of reloading."""
    head = replacements.get("HEAD")
    if head is None or options.portable:
        return
    if "daemon" in head.text.split() or "expose-fd listeners" not in head.text:
        sentence = (
            "Marathon-LB stops at this template HEAD: it must hold 'expose-fd listeners', and not the word 'daemon'"
        )
        help_ = "the portable dialect takes it"
        raise InputError(sentence, origin=Origin(head.source), help=help_, rule="head-outdated")
