"""From the files that a user names to load balancers that HAProxy accepts, and all that is to be said of them."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from lbgen import source
from lbgen.dataclass import dataclass
from lbgen.edgelb.traced import at_origins
from lbgen.emulate.balancer import Balancer
from lbgen.pipeline.checking import from_apps_checked
from lbgen.pipeline.inputs import read_inputs
from lbgen.pipeline.lint_inputs import is_pool
from lbgen.pipeline.pools import checked, from_pool, read_pools
from lbgen.pipeline.resolve import StandIns
from lbgen.pipeline.strangers import is_strange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lbgen.finding import Finding
    from lbgen.model.service import Service
    from lbgen.origin import Origin
    from lbgen.pipeline.checking import Checking
    from lbgen.pipeline.options import Options
    from lbgen.pipeline.pools import PoolInputs, PoolOptions

_SUFFIXES = (".json", ".yaml", ".yml")
# The files that are read are not those that were named: there is nobody to bring secrets and certificates.
_NOT_HERE = frozenset({"certificate-not-made", "secret-missing"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be emulated: the files, and how their load balancers are generated and checked.

    `stdin` is what standard input held, where it is one of the files. With `auto_pools` the apps' `edgelb.*` labels
    count.
    """

    paths: Sequence[str]
    tasks: Sequence[str]
    options: Options
    pool_options: PoolOptions
    checking: Checking
    stdin_name: str | None = None
    stdin: bytes | None = None
    auto_pools: bool = False


@dataclass(slots=True)
class Read:
    """What came of the files; `left_out` names apps, pools and documents that nobody serves."""

    balancers: list[Balancer] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    documents: dict[str, source.Document] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    tool: str = ""


def files_of(paths: Sequence[str]) -> list[str]:
    """The files that the paths stand for now."""
    return source.find_documents(paths, _SUFFIXES)


def read(wanted: Wanted) -> Read:
    """Reads the files, generates the load balancers that they describe, and asks HAProxy about each.

    What is wrong is a finding. Raises ToolError where there is no HAProxy to ask, InputError where a template of the
    operator's is not usable.
    """
    given = {} if wanted.stdin is None else {wanted.stdin_name or "<stdin>": wanted.stdin}
    found = Read()
    with source.reading.in_place_of_files(given):
        if wanted.auto_pools:
            _add_auto_pools(wanted, found)
        else:
            _add_all(wanted, found)
    found.findings = [finding for finding in dict.fromkeys(found.findings) if finding.rule not in _NOT_HERE]
    return found


def _add_all(wanted: Wanted, found: Read) -> None:
    """Adds apps and pools, whatever the files hold."""
    pools: list[str] = []
    named = frozenset(wanted.paths)

    def other(name: str, value: Any) -> bool:
        if is_pool(value):
            pools.append(name)
        return is_pool(value) or (name not in named and is_strange(value))

    names = files_of(wanted.paths)
    inputs = read_inputs(names, stdin_name=wanted.stdin_name, other=other)
    if inputs.apps or not pools:
        if wanted.tasks:
            inputs = read_inputs(names, tasks=wanted.tasks, stdin_name=wanted.stdin_name, other=other)
        _add_apps(inputs, wanted, found)
    else:
        found.findings += inputs.findings
        found.left_out += inputs.left_out
        found.documents |= inputs.documents
    if pools:
        tasks = () if inputs.apps else wanted.tasks
        _add_pools(read_pools(list(dict.fromkeys(pools)), tasks=tasks), wanted, found)


def _add_auto_pools(wanted: Wanted, found: Read) -> None:
    """Adds the pools that Edge-LB makes of the apps' labels."""
    from lbgen.pipeline.auto_pools import from_labels, read_labelled
    from lbgen.pipeline.auto_tasks import pool_inputs

    labelled = read_labelled(files_of(wanted.paths), stdin_name=wanted.stdin_name)
    made = from_labels(labelled, reservations=wanted.pool_options.reservations)
    found.left_out += [*map(str, made.left_out), *labelled.inputs.left_out]
    _add_pools(pool_inputs(labelled, made, wanted.tasks), replace(wanted, pool_options=_settled(wanted)), found)
    found.findings = list(at_origins(found.findings, {pool.name: pool.origins for pool in made.pools}))


def _settled(wanted: Wanted) -> PoolOptions:
    return replace(wanted.pool_options, settled=True)


def _add_apps(inputs: Any, wanted: Wanted, found: Read) -> None:
    # Whoever tries it is mostly not on the network of the agents, whose addresses lead to stand-ins anyway.
    options = replace(wanted.options, hosts=StandIns(wanted.options.hosts))
    result = from_apps_checked(inputs, options, wanted.checking)
    made = result.generated
    found.findings += [*made.findings, *result.findings]
    found.documents |= inputs.documents
    found.left_out += made.names_left_out
    found.tool = result.tool or found.tool
    if made.rendered is None or not result.accepted:
        return
    folder, name = wanted.options.haproxy_dir, ",".join(wanted.options.groups)
    maps = {f"{folder}/{name}": text for name, text in made.rendered.maps.items()}
    vhosts, colours = _vhosts(made.services), _colours(made.services)
    text, source_map = made.rendered.text, made.rendered.source_map
    found.balancers.append(Balancer(name, text, source_map, maps, vhosts=vhosts, colours=colours))


def _vhosts(services: Sequence[Service]) -> dict[tuple[str, str], Origin]:
    """The labels of hosts, by host and app; of several in an app the first counts."""
    return {
        (vhost.lower(), service.app.written): service.because("VHOST").origin()
        for service in reversed(services)
        for vhost in service.vhosts
    }


def _colours(services: Sequence[Service]) -> dict[str, str]:
    """The apps of servers by address and port, where one service is that of several apps."""
    servers = [server for service in services for server in service.servers]
    return {f"{each.address}:{each.port}": each.colour for each in servers if each.colour is not None}


def _add_pools(inputs: PoolInputs, wanted: Wanted, found: Read) -> None:
    found.findings += inputs.findings
    found.documents |= inputs.documents
    found.left_out += ["a pool"] * inputs.left_out
    for pool in inputs.pools:
        options = replace(wanted.pool_options, certificates=f"/pools/{pool.name}")
        result = checked(from_pool(pool, inputs.tasks, options), options, wanted.checking, f"{pool.name}.cfg")
        found.findings += result.findings
        found.tool = result.tool or found.tool
        if result.rendered is None or not result.accepted:
            found.left_out.append(pool.name)
        else:
            rendered = result.rendered
            found.balancers.append(Balancer(pool.name, rendered.text, rendered.source_map, origins=inputs.origins))
