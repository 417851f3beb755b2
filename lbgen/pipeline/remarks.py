"""What is to be said of a fleet as a whole: what had to be made up for it, and that nobody in it is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Finding, Severity
from lbgen.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lbgen.marathon.apps import MarathonApp
    from lbgen.marathon.planned import Planned
    from lbgen.model.service import Service
    from lbgen.pipeline.inputs import Inputs
    from lbgen.pipeline.options import Options


def what_was_planned(filled: Planned, served: Sequence[Service]) -> Iterable[Finding]:
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


def nobody_asked(inputs: Inputs, options: Options) -> Finding:
    """That no app is meant for this load balancer, and for which ones they are."""
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
