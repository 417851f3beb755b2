"""Claims of a configuration: of its bind lines, each with whoever asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.finding import ConfigLine
from lbgen.origin import Origin, Position
from lbgen.ports.binds import binds
from lbgen.ports.claim import Claim, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lbgen.haproxy.parse import Config
    from lbgen.ports.binds import Bind


class Asker(NamedTuple):
    """Whoever asked for a listener; `binds` is False where the port is yet to be chosen.

    `port_index` is the `index` of the claim.
    """

    owner: str
    how: str
    kind: Kind
    origins: tuple[Origin, ...] = ()
    binds: bool = True
    port_index: int | None = None


def claims_of(
    config: Config,
    node: str,
    asker: Callable[[Bind], Asker],
    *,
    name: str = "",
    scope: str = "",
    generated: bool = True,
) -> Iterator[Claim]:
    """The claims of a configuration that runs on this node; `name` tells it from others of its kind there.

    `scope` is the group or the pool that it is for.
    """
    for bind in binds(config):
        who = asker(bind)
        line = ConfigLine(config.name, bind.directive.line, bind.directive.section, bind.directive.raw)
        yield Claim(
            node=node,
            address=bind.listening.address,
            ports=bind.listening.ports,
            owner=who.owner,
            how=who.how,
            kind=who.kind,
            protocol=bind.listening.protocol,
            section=f"{name} {config.name}:{bind.section.line}",
            interface=bind.interface,
            namespace=bind.namespace,
            binds=who.binds and bind.binds,
            branches=bind.branches,
            origins=who.origins,
            config=line if generated else None,
            scope=scope,
            index=who.port_index,
        )


def written(bind: Bind, document: str) -> Asker:
    """Who asked for a listener of a configuration that somebody wrote: the one line alone."""
    item = bind.word.text[bind.listening.start : bind.listening.end]
    column = bind.word.start + max(bind.word.raw.find(item), 0) + 1
    origin = Origin(document, position=Position(bind.directive.line, column))
    return Asker(bind.section.header, "a bind line", Kind.WRITTEN, (origin,))
