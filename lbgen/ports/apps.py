"""Claims of apps: of the lines that Marathon-LB's configuration has for them, and of what they declare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lbgen.marathon import network
from lbgen.marathon.labels import split_name
from lbgen.ports.address import MOST, read_addresses
from lbgen.ports.claim import Claim, Kind
from lbgen.ports.configured import Asker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lbgen.marathon.apps import MarathonApp
    from lbgen.model.service import AppRef, Service
    from lbgen.origin import Because, Origin, SourceMap
    from lbgen.ports.binds import Bind

Key = tuple[str, str]
"""An app, by the document and the pointer of its description."""


def key_of(ref: AppRef) -> Key:
    """How an app is found again, whatever it is called."""
    return ref.document, ref.pointer


@dataclass(frozen=True, slots=True)
class Askers:
    """Tells who asked for the listeners of a group's configuration.

    `apps` are the apps as their documents have them, `services` the services that the group has of each.
    """

    source_map: SourceMap
    apps: Mapping[Key, MarathonApp]
    services: Mapping[Key, Sequence[Service]]

    def __call__(self, bind: Bind) -> Asker:
        """Whoever asked for this listener."""
        line = bind.directive.line
        reasons = self.source_map.reasons(line)
        app = next((reason for reason in reasons if reason.app is not None), None)
        origin = self.source_map.origin(line)
        if app is None:
            kind = Kind.HEAD if any(reason.is_template for reason in reasons) else Kind.OWN
            return Asker(bind.section.header, "a bind line", kind, (origin,) if origin is not None else ())
        key = app.document, app.pointer
        service = self._service(bind, reasons, key)
        if (within := _within(bind, reasons[0], origin)) is not None or service is None or key not in self.apps:
            how = f"a bind line in {reasons[0].label}" if reasons[0].label else "a bind line"
            return Asker(str(app.app), how, Kind.BIND, (within or app.origin(),))
        return asker(self.apps[key], service, bind.listening.start if not bind.last else None, bind.listening.end)

    def _service(self, bind: Bind, reasons: Sequence[Because], key: Key) -> Service | None:
        """The service that the line is of: the one of its label, else the one that is last in its list."""
        found = self.services.get(key, ())
        named = split_name(reasons[0].label or "")
        if named is not None:
            return next((service for service in found if service.index == named[0]), None)
        listed = list(read_addresses(bind.word.text))
        ports = listed[-1].ports if listed else None
        return next((service for service in found if ports is not None and service.port == ports.first), None)


def _within(bind: Bind, reason: Because, origin: Origin | None) -> Origin | None:
    """The listener within the label that holds its line; None where the line only has room for the service's own."""
    if not reason.lines or origin is None or origin.start is None or origin.end is None:
        return None
    text = bind.word.text[bind.listening.start : bind.listening.end]
    at = reason.value.find(text, origin.start, origin.end) if text else -1
    return origin.narrowed(at, at + len(text)) if at >= 0 else origin if "servicePort" not in reason.value else None


def asker(app: MarathonApp, service: Service, start: int | None = None, end: int = 0) -> Asker:
    """Who asks for a service's listener, with the value that says its port, and the one that says its address.

    `start` and `end` are those of an item of the label BIND_ADDR that stands before the last one.
    """
    owner = service.app.written
    address = service.because("BIND_ADDR").origin() if "BIND_ADDR" in service.labels else None
    if start is not None and address is not None:
        how = f"HAPROXY_{service.index}_BIND_ADDR"
        return Asker(owner, how, Kind.BIND_ADDRESS, (address.narrowed(start, end),))
    kind, how, port = _port(app, service)
    origins = (port, address) if address is not None else (port,)
    return Asker(owner, how, kind, origins, binds=kind is not Kind.PLANNED)


def _port(app: MarathonApp, service: Service) -> tuple[Kind, str, Origin]:
    if "PORT" in service.labels:
        return Kind.LABEL, f"HAPROXY_{service.index}_PORT", service.because("PORT").origin()
    networking = network.mode(app.fields)
    declared = network.service_ports(app.fields, networking)
    if service.index < len(declared) and declared[service.index]:
        pointer = network.service_port_pointers(app.fields, networking)[service.index]
        return Kind.SERVICE_PORT, f"the service port at index {service.index}", app.ref.because(pointer).origin()
    where = network.mapping_pointers(app.fields)[service.index : service.index + 1]
    origin = app.ref.because(*where).origin()
    if networking == network.CONTAINER and not declared:
        return Kind.AUTOMATIC, f"the automatic port at index {service.index}", origin
    return Kind.PLANNED, f"the service port at index {service.index}, which is yet to be chosen", origin


def declared_claims(app: MarathonApp, services: Iterable[Service], node: str, *, binds: bool) -> Iterator[Claim]:
    """The claims of services that no configuration has; `binds` tells whether they would bind if they could.

    A service whose frontend is a template of its own binds what that says, and is none of these.
    """
    for service in services:
        if "FRONTEND_HEAD" in service.overrides or not 1 <= service.port <= MOST:
            continue
        listed = list(read_addresses(f"{service.bind_addr}:{service.port}"))
        for index, listening in enumerate(listed, 1):
            start = listening.start if index < len(listed) else None
            who = asker(app, service, start, listening.end)
            yield Claim(
                node=node,
                address=listening.address,
                ports=listening.ports,
                owner=who.owner,
                how=who.how,
                kind=who.kind,
                protocol=listening.protocol,
                section=f"{node} {service.app.document} {service.app.pointer} {service.port}",
                binds=binds and who.binds and service.enabled is not False,
                origins=who.origins,
            )
