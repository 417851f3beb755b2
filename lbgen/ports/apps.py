"""Claims of apps: of the lines that Marathon-LB's configuration has for them, and of what they declare."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.marathon import network
from lbgen.marathon.labels import split_name
from lbgen.ports.address import ANY_IPV4, MOST, Ports, read_addresses
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


class Declared(NamedTuple):
    """The service ports that an app declares, and pointers from the app to these and to its port mappings."""

    app: MarathonApp
    networking: str
    ports: Sequence[int]
    pointers: Sequence[str]
    mappings: Sequence[str]

    @classmethod
    def of(cls, app: MarathonApp) -> Declared:
        """What this app declares."""
        fields = app.fields
        networking = network.mode(fields)
        mappings = network.mapping_pointers(fields)
        if networking == network.BRIDGE and mappings and "tasks" not in fields:
            # Marathon gives every mapping of a definition a service port, between those that have one too.
            said = [mapping.get("servicePort") for mapping in network.mappings(fields)]
            ports = [port or 0 for port in said]
            pointers = [at if port is None else f"{at}/servicePort" for at, port in zip(mappings, said, strict=True)]
        else:
            ports = network.service_ports(fields, networking)
            pointers = network.service_port_pointers(fields, networking)
        return cls(app, networking, ports, pointers, mappings)

    def asked(self, service: Service) -> tuple[Kind, str, Origin]:
        """What makes the service have its port, in a word and in a few, and the value that says so."""
        index = service.index
        if "PORT" in service.labels:
            return Kind.LABEL, f"HAPROXY_{index}_PORT", service.because("PORT").origin()
        if index < len(self.ports) and self.ports[index]:
            return Kind.SERVICE_PORT, f"the service port at index {index}", self.at(index)
        if self.networking == network.CONTAINER and not self.ports:
            return Kind.AUTOMATIC, f"the automatic port at index {index}", self.at(index)
        return Kind.PLANNED, f"the service port at index {index}, which is yet to be chosen", self.at(index)

    def at(self, index: int) -> Origin:
        """The declared service port at this index; where there is none, its mapping, or else the app."""
        for pointers in (self.pointers, self.mappings):
            if index < len(pointers):
                return self.app.ref.because(pointers[index]).origin()
        return self.app.ref.because().origin()


@dataclass(frozen=True, slots=True)
class Askers:
    """Tells who asked for the listeners of a group's configuration.

    `declared` is what the apps declare in their documents, `services` the services that the group has of each.
    """

    source_map: SourceMap
    declared: Mapping[Key, Declared]
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
        if (within := _within(bind, reasons[0], origin)) is not None or service is None or key not in self.declared:
            how = f"a bind line in {reasons[0].label}" if reasons[0].label else "a bind line"
            return Asker(str(app.app), how, Kind.BIND, (within or app.origin(),))
        return asker(self.declared[key], service, bind.listening.start if not bind.last else None, bind.listening.end)

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


def asker(declared: Declared, service: Service, start: int | None = None, end: int = 0) -> Asker:
    """Who asks for a service's listener, with the value that says its port, and the one that says its address.

    `start` and `end` are those of an item of the label BIND_ADDR that stands before the last one.
    """
    owner = service.app.written
    address = service.because("BIND_ADDR").origin() if "BIND_ADDR" in service.labels else None
    if start is not None and address is not None:
        how = f"HAPROXY_{service.index}_BIND_ADDR"
        return Asker(owner, how, Kind.BIND_ADDRESS, (address.narrowed(start, end),), port_index=service.index)
    kind, how, port = declared.asked(service)
    origins = (port, address) if address is not None else (port,)
    return Asker(owner, how, kind, origins, binds=kind is not Kind.PLANNED, port_index=service.index)


def declared_claims(
    app: MarathonApp, services: Iterable[Service], node: str, *, scope: str = "", binds: bool
) -> Iterator[Claim]:
    """The claims of services that no configuration has; `binds` tells whether they would bind if they could.

    A service whose frontend is a template of its own binds what that says, and is none of these.
    """
    declared = Declared.of(app)
    for service in services:
        if "FRONTEND_HEAD" in service.overrides or not 1 <= service.port <= MOST:
            continue
        listed = list(read_addresses(f"{service.bind_addr}:{service.port}"))
        for index, listening in enumerate(listed, 1):
            start = listening.start if index < len(listed) else None
            who = asker(declared, service, start, listening.end)
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
                scope=scope,
                index=who.port_index,
            )


def replaced_claims(app: MarathonApp, services: Iterable[Service]) -> Iterator[Claim]:
    """Service ports that a label has put others in place of: none is bound, and Marathon gives none to anybody else."""
    declared = Declared.of(app)
    for service in services:
        port = service.declared_port
        if "PORT" not in service.labels or port == service.port or not 1 <= port <= MOST:
            continue
        yield Claim(
            node="",
            address=ANY_IPV4,
            ports=Ports(port, port),
            owner=service.app.written,
            how=f"the service port at index {service.index}, which HAPROXY_{service.index}_PORT replaces",
            kind=Kind.SERVICE_PORT,
            binds=False,
            origins=(declared.at(service.index),),
        )
