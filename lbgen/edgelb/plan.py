"""From a pool and its servers to the plan of its configuration, in Edge-LB's order."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.edgelb.backend_plan import backend_sections
from lbgen.edgelb.conditions import BY_SNI
from lbgen.edgelb.frontend_plan import frontend_section
from lbgen.edgelb.pieces import Pieces
from lbgen.edgelb.proxy_names import proxy_names
from lbgen.edgelb.templates import TEMPLATES
from lbgen.haproxy.words import quote_word
from lbgen.model.plan import Plan, Section
from lbgen.render.templates import Templates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lbgen.edgelb.pool import Pool
    from lbgen.edgelb.said import Said
    from lbgen.edgelb.servers import Server
    from lbgen.model.plan import Fragment
    from lbgen.origin import Because


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """What the operator says about the file.

    `certificates` is the directory with autocert.pem, secrets/ and envfile/; `nameservers` are asked for addresses,
    else those of /etc/resolv.conf; `https_host` says what tells the host of an HTTPS request: sni or host. `state_dir`
    is where HAProxy finds at its start what its servers were like before, where somebody writes that there. `patient`
    has a HAProxy from before a reload wait for one more request on connections that nobody uses.
    """

    portable: bool = True
    certificates: str = "/etc/haproxy"
    lua_dir: str | None = None
    stats_socket: str | None = None
    nameservers: tuple[str, ...] = ()
    https_host: str = BY_SNI
    state_dir: str | None = None
    patient: bool = False


@dataclass(slots=True)
class Planned:
    """The plan of a pool, and what is to be said about it."""

    plan: Plan
    said: list[Said] = field(default_factory=list)


def plan(
    pool: Pool, servers: Mapping[str, Sequence[Server]], ports: Mapping[str, str], options: PlanOptions
) -> Planned:
    """The plan; `servers` are the servers of each service and `ports` the ports chosen at run time, by pointer."""
    pieces = Pieces(pool, _templates(pool, options), portable=options.portable)
    names = proxy_names(pool) if options.portable else None
    frontends = sorted(pool.frontends, key=lambda frontend: frontend.name)
    backends = sorted(pool.backends, key=lambda backend: backend.name)
    sections = [
        frontend_section(pieces, frontend, names.frontends[frontend.at] if names else frontend.name, ports, options)
        for frontend in frontends
    ]
    said: list[Said] = list(names.said) if names else []
    for backend in backends:
        made, more = backend_sections(pieces, backend, servers)
        sections += made
        said += more
    head = [pieces.fragment("HEAD", pool=pool.name)]
    if not options.portable or _resolves(sections):
        head.append(pieces.fragment("RESOLVERS"))
    head.append(_stats(pieces, names.stats if names else "stats", ports))
    return Planned(Plan([Section(head), *sections]), said)


def _stats(pieces: Pieces, name: str, ports: Mapping[str, str]) -> Fragment:
    stats = pieces.pool.stats
    port = ports.get(stats.at, str(stats.port))
    reasons = (f"{stats.at}/bindPort", port), (f"{stats.at}/bindAddress", stats.address), (stats.at, "")
    return pieces.fragment("STATS", *reasons, name=name, address=stats.address, port=port)


def _resolves(sections: Sequence[Section]) -> bool:
    """Whether anything refers to the section of the name servers."""
    values = (value for section in sections for fragment in section.fragments for value in fragment.values.values())
    return any("default_resolvers" in str(value) for value in values)


def _templates(pool: Pool, options: PlanOptions) -> Templates:
    by_host = any(
        frontend.protocol == "HTTPS" and any(rule.host_eq or rule.host_reg for rule in frontend.rules)
        for frontend in pool.frontends
    )
    constants = {
        "dialect": "portable" if options.portable else "edge-lb",
        "lua_dir": quote_word(options.lua_dir) if options.lua_dir else None,
        "status_socket": None,
        "signals_for_all": True,
        "stats_socket": quote_word(options.stats_socket) if options.stats_socket else None,
        "state_dir": quote_word(options.state_dir) if options.state_dir else None,
        "patient": options.patient,
        "nameservers": options.nameservers,
        "rules": any(frontend.rules for frontend in pool.frontends),
        "sni": by_host and options.https_host == BY_SNI,
        "host_header": by_host and options.https_host != BY_SNI,
    }
    return Templates("edge_lb", TEMPLATES, constants)


def reasons(fragment: Fragment, line: int) -> Sequence[Because]:  # noqa: ARG001 - a fragment has one line to explain
    """The values that the fragment was made of, the most telling first."""
    return fragment.because
