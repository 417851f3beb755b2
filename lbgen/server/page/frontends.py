"""The frontends of a configuration: where they listen, and which requests they send where, in order of evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lbgen.edgelb import pool as edge_lb
    from lbgen.routing.table import Proxy
    from lbgen.routing.table import Rule as Line
    from lbgen.server.page.backends import Backend
    from lbgen.server.page.seen import Seen

# What HAProxy works through, one after the other.
_STAGES = ("connection", "session", "content", "http-request", "redirect", "use_backend")
_ANY = "any"


class Route(NamedTuple):
    """What is decided about requests of this host and path, of all others where there is neither.

    Where these do not tell it, `rule` is the line as it stands. `anchor` is the place of the backend on the pool's
    page, empty where it does not go to one.
    """

    line: int
    target: str
    host: str = ""
    path: str = ""
    rule: str = ""
    anchor: str = ""


class Frontend(NamedTuple):
    """A frontend: `addresses` are where it listens, `protocol` what it speaks, as the pool says, or HAProxy's mode."""

    name: str
    line: int
    addresses: Sequence[str]
    protocol: str
    routes: Sequence[Route]
    statistics: bool

    @property
    def told(self) -> str:
        """Its ports, as in `443 HTTPS`."""
        ports = [address.rpartition(":")[2] or address for address in self.addresses]
        return f"{', '.join(ports) or 'no port'} {self.protocol}"


def frontends(seen: Seen, behind: Sequence[Backend]) -> list[Frontend]:
    """The frontends as the configuration has them; the statistics come last."""
    reader = _Reader(seen, {each.name: each.anchor for each in behind})
    made = [reader.frontend(proxy) for proxy in seen.table.frontends]
    return sorted(made, key=lambda frontend: frontend.statistics)


class _Reader:
    """Reads the rules of a table, with the words of the pool where they come from it."""

    def __init__(self, seen: Seen, anchors: Mapping[str, str]) -> None:
        self._seen = seen
        self._anchors = anchors
        listed = seen.rendering.pool.frontends if seen.rendering.pool is not None else ()
        self._frontends = {frontend.at: frontend for frontend in listed}
        self._rules = {rule.at: rule for frontend in listed for rule in frontend.rules}

    def frontend(self, proxy: Proxy) -> Frontend:
        """A frontend with all of its routes."""
        of_pool = self._of_pool(proxy.line)
        mode = "HTTP" if proxy.http else "TCP"
        return Frontend(
            name=proxy.name,
            line=proxy.line,
            addresses=[bind.text for bind in proxy.binds],
            protocol=of_pool.protocol if of_pool is not None else mode,
            routes=list(self._routes(proxy, of_pool)),
            statistics=proxy.stats is not None,
        )

    def _of_pool(self, line: int) -> edge_lb.Frontend | None:
        at = "/".join(self._seen.pointer_at(line).split("/")[:4])
        return self._frontends.get(at)

    def _routes(self, proxy: Proxy, of_pool: edge_lb.Frontend | None) -> Iterator[Route]:
        for each in (proxy.monitor, proxy.stats):
            if each is not None:
                yield Route(each.line, "HAProxy itself", rule=str(each))
        for stage in _STAGES:
            for line in proxy.rules.get(stage, ()):
                yield self._route(line, of_pool)
        default = proxy.default_backend
        if default is not None:
            name = default.words[0]
            yield Route(default.line, name, anchor=self._anchors.get(name, ""))

    def _route(self, line: Line, of_pool: edge_lb.Frontend | None) -> Route:
        target = line.words[0] if line.words else ""
        pointer = self._seen.pointer_at(line.line)
        if line.keyword == "redirect" and of_pool is not None and pointer == f"{of_pool.at}/redirectToHttps":
            return Route(line.line, "redirect to HTTPS", *_exempted(of_pool.redirect or ()))
        if line.keyword != "use_backend":
            return Route(line.line, " ".join([line.keyword, target]), rule=str(line))
        anchor = self._anchors.get(target, "")
        rule = self._rules.get(pointer.rpartition("/")[0])
        if rule is None:
            return Route(line.line, target, rule=str(line), anchor=anchor)
        return Route(line.line, target, _host(rule), _path(rule), anchor=anchor)


def _exempted(listed: Sequence[edge_lb.Exemption]) -> tuple[str, str]:
    if not listed:
        return _ANY, _ANY
    said = "; ".join(f"{each.host or 'any host'} {each.path_beg or 'any path'}" for each in listed)
    return _ANY, f"all but {said}"


def _host(rule: edge_lb.Rule) -> str:
    said = [rule.host_eq] if rule.host_eq else []
    return " and ".join([*said, *([f"matching {rule.host_reg}"] if rule.host_reg else [])]) or _ANY


def _path(rule: edge_lb.Rule) -> str:
    said = {"": rule.path_beg and f"{rule.path_beg}\N{HORIZONTAL ELLIPSIS}", "matching ": rule.path_reg}
    said |= {"ending in ": rule.path_end}
    return " and ".join(f"{words}{text}" for words, text in said.items() if text) or _ANY
