"""What rules about routes have in common: whose a rule is, where that is written, and how it is called."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.marathon import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lbgen.lint.rule import Problem
    from lbgen.lint.subjects import Configuration, Fleet
    from lbgen.model.service import Service
    from lbgen.origin import Because, Origin
    from lbgen.routing.shadows import Shadow
    from lbgen.routing.shapes import Slot
    from lbgen.routing.table import Rule


@dataclass(frozen=True, slots=True)
class Ways:
    """A configuration, and the services that it was generated for, by the names of their backends."""

    configuration: Configuration
    services: Mapping[str, Service] = field(default_factory=dict)

    @property
    def of_apps(self) -> bool:
        """Whether apps are behind it."""
        return bool(self.services)

    def routes(self) -> Iterator[Shadow]:
        """Routes behind others, of apps only those of hosts that both of them claim."""
        for shadow in self.configuration.shadows.routes:
            if not self.of_apps or self._claimed(shadow):
                yield shadow

    def _claimed(self, shadow: Shadow) -> bool:
        """Whether both apps speak of the host; where ACLs of one name are joined it is another rule that says so."""
        host = shadow.loser.host
        if host is None:
            return False
        both = (self.service(shadow.loser.rule), self.service(shadow.winner.rule))
        return all(service is None or host in {vhost.strip().lower() for vhost in service.vhosts} for service in both)

    def service(self, rule: Rule) -> Service | None:
        """The service that the rule leads to."""
        return self.services.get(rule.words[0]) if rule.words else None

    def owner(self, rule: Rule) -> Because | None:
        """The label, or the app, that asked for the rule."""
        source_map = self.configuration.source_map
        return source_map.because(rule.line) if source_map is not None else None

    def who(self, rule: Rule, told: Rule | None = None) -> str:
        """Whose rule it is, as others call it: an app, a backend of a pool, a line.

        Where it is of the same app as the rule `told`, the service port tells them apart.
        """
        service, other = self.service(rule), self.service(told) if told is not None else None
        if service is not None and other is not None and service.app.written == other.app.written:
            return f"port {service.port} of the same app"
        if not self.configuration.generated:
            return f"line {rule.line}"
        if rule.words and "%[" in rule.words[0]:
            return "the rule that asks a map"
        because = self.owner(rule)
        if because is not None and because.app is not None:
            return because.app
        return f'the backend "{rule.words[0]:.60}"' if rule.words else "another rule"

    def at(self, slot: Slot, *, path: bool) -> Origin | None:
        """Where the path of a slot is asked for, or its host, or else the rule as such."""
        if (service := self.service(slot.rule)) is not None:
            label, text = ("PATH", slot.path.text) if path and slot.path else ("VHOST", slot.host or "")
            if label in service.labels and (origin := _narrowed(service.because(label), text)) is not None:
                return origin
        if path and slot.path is not None:
            return self.written(slot.path.line, slot.path.text)
        if slot.host is not None:
            return self.written(slot.host_line or slot.rule.line, slot.host)
        return self.configuration.origin(slot.rule.line)

    def written(self, line: int, text: str) -> Origin | None:
        """The value that holds the text, among those that the line is made of."""
        source_map = self.configuration.source_map
        if source_map is None:
            return self.configuration.origin(line)
        found = (_narrowed(because, text) for because in source_map.reasons(line) if not because.lines)
        return next((origin for origin in found if origin is not None), None) or source_map.origin(line)


def _narrowed(because: Because, text: str) -> Origin | None:
    """The place of the text in the value, if it is there."""
    start = because.value.lower().find(text.lower())
    return because.origin().narrowed(start, start + len(text)) if start >= 0 else None


def ways(fleet: Fleet) -> Iterator[Ways]:
    """All configurations of the fleet."""
    services = {
        id(balancer.configuration): {names.backend_name(each.app.id, each.port): each for each in balancer.services}
        for balancer in fleet.balancers
    }
    for configuration in fleet.configurations:
        yield Ways(configuration, services.get(id(configuration), {}))


def once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Each problem once, on however many ports, and in however many groups, it is met."""
    seen: set[tuple[str, object]] = set()
    for problem in problems:
        key = (problem.message, problem.origin or problem.config)
        if key not in seen:
            seen.add(key)
            yield problem


def shown(slot: Slot) -> str:
    """The host and path of a slot, in as many words as there are."""
    path = f"{slot.path.text:.80}" if slot.path is not None else ""
    return f"{slot.host or ''}{path}" or "everything"


def inside_a_word(shadow: Shadow) -> bool:
    """Whether the winner's path ends within a part of the loser's, as `/app` does in `/application`."""
    wide, narrow = shadow.winner.path, shadow.loser.path
    if wide is None or narrow is None or wide.exact or wide.text.endswith("/"):
        return False
    return narrow.text[len(wide.text) :][:1] not in {"", "/"}
