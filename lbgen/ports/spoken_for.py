"""Ports that are not to be planned for anybody, since apps ask for them in other ways than as a service port."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.marathon import network
from lbgen.ports.address import read_addresses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lbgen.marathon.apps import MarathonApp


def spoken_for(apps: Iterable[MarathonApp], auto_ports: tuple[int, int]) -> Iterator[int]:
    """Those of lists of addresses and of bind lines in labels, and all automatic ones where somebody gets such."""
    automatic = False
    for app in apps:
        networking = network.mode(app.fields)
        automatic |= networking == network.CONTAINER and not network.service_ports(app.fields, networking)
        for addresses in _addresses(app):
            for each in read_addresses(addresses):
                yield from range(each.ports.first, each.ports.last + 1) if each.ports is not None else ()
    if automatic:
        yield from range(auto_ports[0], auto_ports[1] + 1)


def _addresses(app: MarathonApp) -> Iterator[str]:
    for key, text in app.labels.items():
        if not key.startswith("HAPROXY_"):
            continue
        if key.endswith("_BIND_ADDR"):
            # The last one has the service port.
            yield text.rpartition(",")[0]
        elif "bind" in text:
            lines = (line.split() for line in text.splitlines())
            yield from (words[1] for words in lines if words[:1] == ["bind"] and len(words) > 1)
