"""One frontend per vhost behind a common port 443, which tells them apart by SNI."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.marathon import names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.model.plan import Fragment
    from lbgen.model.service import Service


@dataclass(slots=True)
class Group:
    """What the services of one vhost say: their rules behind their weights, their certificates and bind options."""

    name: str
    entries: list[tuple[int, list[Fragment]]] = field(default_factory=list)
    certs: set[str] = field(default_factory=set)
    bind_options: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Grouped:
    """The groups by vhost."""

    _by_vhost: dict[str, Group] = field(default_factory=dict)

    def add(self, service: Service, vhost: str, weight: int, rules: Sequence[Fragment]) -> None:
        """Adds what a service says for one of its vhosts."""
        if not rules and service.ssl_cert is None and service.bind_options is None:
            return
        group = self._by_vhost.setdefault(vhost, Group(names.clean(vhost)))
        group.entries.append((weight, list(rules)))
        if service.ssl_cert is not None:
            group.certs.add(service.ssl_cert)
        if service.bind_options is not None:
            group.bind_options.add(service.bind_options)

    def sni_rules(self) -> Iterator[dict[str, str]]:
        """What fills the rules of the common frontend, by host name."""
        for vhost, group in sorted(self._by_vhost.items()):
            yield {"backend": group.name, "host": vhost}

    def groups(self) -> Iterator[Group]:
        """The groups, by host name."""
        for _, group in sorted(self._by_vhost.items()):
            yield group
