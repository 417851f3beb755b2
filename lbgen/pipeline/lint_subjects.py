"""What rules look at, made of what was read: the load balancer, apps, and services as written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lbgen.lint.context import Context
from lbgen.lint.subjects import App, Label
from lbgen.marathon import network, planned
from lbgen.marathon.labelled import labels_by_index, read_service
from lbgen.marathon.labels import split_name
from lbgen.marathon.limits import MOST_PORTS
from lbgen.marathon.services import ServiceOptions, services
from lbgen.pipeline.reserved import held, taken
from lbgen.pipeline.resolve import resolver
from lbgen.ports.listening import read_listening

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lbgen.errors import AppError
    from lbgen.marathon.apps import MarathonApp
    from lbgen.model.service import Service
    from lbgen.pipeline.inputs import Inputs
    from lbgen.pipeline.options import Options
    from lbgen.render.templates import Replacement


def context_of(options: Options, templates: Mapping[str, Replacement]) -> Context:
    """The load balancer that the options describe, with the operator's templates."""
    found = read_listening(options.listening, options.listening_from)
    return Context(
        templates=templates,
        portable=options.portable,
        target=options.target,
        groups=options.groups,
        service_ports=options.service_ports,
        lb_ports=options.lb_ports,
        auto_ports=options.auto_ports,
        haproxy_map=options.haproxy_map,
        bind_http_https=options.bind_http_https,
        group_https_by_vhost=options.group_https_by_vhost,
        ssl_certs=options.ssl_certs,
        unsafe_templates=options.unsafe_templates,
        lb_addresses=options.lb_addresses,
        shared_nodes=options.shared_nodes,
        public_agents=options.public_agents,
        listening=found.listeners,
        not_listening=found.unread,
        reservations=options.reservations,
    )


def app_of(app: MarathonApp, context: Context) -> App:
    """The app as rules look at it."""
    # Ports and checks as Marathon would fill them in; everything is still blamed on the app as it is written.
    filled = replace(planned.normalised(app), ref=app.ref)
    ports = network.service_ports(filled.fields, network.mode(filled.fields))[:MOST_PORTS]
    by_index = labels_by_index(app.labels)
    faults: list[AppError] = []
    made = [
        read_service(filled, index, port, by_index.get(index, {}), faults.append) for index, port in enumerate(ports)
    ]
    return App(app, tuple(_labels(app)), tuple(ports), tuple(made), tuple(faults), context)


def _labels(app: MarathonApp) -> Iterator[Label]:
    for key, text in app.labels.items():
        if key.startswith("HAPROXY"):
            index, name = split_name(key) or (None, None)
            yield Label(key, text, index, name, app.ref.label(key).origin())


def as_written(members: Sequence[MarathonApp], inputs: Inputs, options: Options) -> Sequence[Service]:
    """The services of a group before the portable dialect puts anything right."""
    complete, _ = planned.complete(
        list(members),
        inputs.tasks,
        service_ports=options.service_ports,
        taken=taken(members, options),
        held=held(options),
    )
    asked = ServiceOptions(
        groups=options.groups,
        strict=options.strict_mode,
        health_check=options.health_check,
        auto_ports=options.auto_ports,
        framework=options.environ.get("FRAMEWORK_NAME"),
        resolve=resolver(options.hosts),
    )
    return services(complete, asked).services
