"""From apps to a configuration, leaving out the apps that cannot be served and nobody else."""

from __future__ import annotations

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
    templates = _templates(options)
    resolve = resolver(options.hosts) if resolve is None else resolve
    out = {_key(ref): ref for ref in without}
    asked = bool(out)
    apps, filled = planned.complete(
        [app for app in inputs.apps if _key(app.ref) not in out],
        inputs.tasks,
        service_ports=options.service_ports,
        taken=taken(inputs.apps, options),
        held=held(options),
    )
    findings = [*inputs.findings, *filled.findings, *_strange_templates(options)]
    while True:
        found = services(apps, _service_options(options, resolve))
        findings += found.findings
        out |= {_key(ref): ref for ref in found.left_out}
        asked = asked or found.asked or bool(found.left_out)
        rendered, more, blamed = _render(found, templates, options)
        findings += more
        if not blamed:
            break
        out |= blamed
        # Who was at fault stays out, even where nothing speaks against it any more without the others.
        apps = [app for app in found.apps if _key(app.ref) not in blamed]
    findings += _what_was_planned(filled, found.services)
    names = [*inputs.left_out, *sorted(filled.left_out), *sorted({ref.written for ref in out.values()})]
    if not asked and (inputs.apps or not names):
        findings.append(_nobody_asked(inputs, options))
    # Without the apps at fault there may be nobody left, and a file without any must not take a good one's place.
    if not found.asked and not may_be_empty:
        rendered = None
    return Generated(rendered, list(dict.fromkeys(findings)), found.services, names, filled)


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


def _what_was_planned(filled: planned.Planned, served: Sequence[Service]) -> Iterable[Finding]:
    """What had to be chosen for apps that are not deployed, in one sentence."""
    ids = {service.app.id for service in served}
    tasks = sorted(app for app in filled.tasks if app in ids)
    if tasks:
        who = f"{_some(tasks)} {'is' if len(tasks) == 1 else 'are'}"
        text = f"{who} not deployed yet: servers on 192.0.2.0/24 stand for the tasks"
        ports = [f"{app} {', '.join(map(str, filled.ports[app]))}" for app in tasks if app in filled.ports]
        if ports:
            text += f"; service ports are as free as Marathon's might be: {_some(ports)}"
        yield Finding("planned", Severity.INFO, text, help="give --tasks, or a reply of Marathon, for the real ones")


def _some(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3} more"


def _nobody_asked(inputs: Inputs, options: Options) -> Finding:
    groups = " or ".join(f'"{group}"' for group in options.groups)
    if not inputs.apps:
        return Finding("no-app", Severity.ERROR, "there is no app to generate anything for")
    count = "the app is" if len(inputs.apps) == 1 else f"none of the {len(inputs.apps)} apps is"
    no = " not" if len(inputs.apps) == 1 else ""
    text = f"{count}{no} in the group {groups}: nothing is generated"
    help_ = f'the label HAPROXY_GROUP names an app\'s groups: {_groups_seen(inputs)}; --group "*" takes all'
    return Finding("no-app-in-group", Severity.ERROR, text, _first_origin(inputs.apps), help=help_)


def _groups_seen(inputs: Inputs) -> str:
    labels = (value for app in inputs.apps for key, value in app.labels.items() if key.endswith("_GROUP"))
    names = sorted({name for value in labels for name in value.split(",") if name.strip()})
    if not names:
        return "no app has it"
    shown = ", ".join(f'"{name:.40}"' for name in names[:5])
    return f"there are {shown}{' and more' if len(names) > 5 else ''}"


def _first_origin(apps: Sequence[MarathonApp]) -> Origin:
    ref = apps[0].ref
    return Origin(ref.document, ref.pointer, ref.id if len(apps) == 1 else None)


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
