"""From files to pools, and from a pool to its configuration and what HAProxy says of it."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from lbgen import source
from lbgen.dataclass import dataclass
from lbgen.edgelb import run_time_ports, selection
from lbgen.edgelb.conditions import BY_SNI
from lbgen.edgelb.plan import PlanOptions, plan, reasons
from lbgen.edgelb.reading import Loaded, load_pools
from lbgen.edgelb.remarks import remarks
from lbgen.edgelb.said import findings
from lbgen.edgelb.task_documents import TaskDocuments
from lbgen.errors import InputError
from lbgen.finding import Finding, Severity, of_error
from lbgen.haproxy.parse import parse
from lbgen.model.border import Fault
from lbgen.origin import Origin, unescape_pointer
from lbgen.pipeline.options import DEFAULT_TARGET, PORTABLE
from lbgen.pipeline.reserved_in_pools import on_ports_of_others_in
from lbgen.ports.holders import holder
from lbgen.render.writer import Unfillable, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lbgen.edgelb.pool import Pool
    from lbgen.edgelb.tasks import Tasks
    from lbgen.pipeline.checking import Checking
    from lbgen.ports.reservation import Reservation
    from lbgen.render.writer import Rendered

EDGE_LB = "edge-lb"
_SUFFIXES = (".json", ".yaml", ".yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolOptions:
    """How the configuration of a pool is written.

    `certificates` is the directory of autocert.pem, secrets/ and envfile/; `dynamic_ports` are those out of which ports
    are planned that a pool leaves to run time, `reservations` those that are held for somebody; with `settled` it is
    known already that nobody is on a port of somebody else's. `ports` are those that were chosen already, by the
    position of the frontend, None for the statistics. The rest is as in `PlanOptions`.
    """

    dialect: str = PORTABLE
    target: str = DEFAULT_TARGET
    certificates: str = "/etc/haproxy"
    lua_dir: str | None = None
    stats_socket: str | None = None
    nameservers: tuple[str, ...] = ()
    https_host: str = BY_SNI
    dynamic_ports: range = range(1025, 2181)
    reservations: tuple[Reservation, ...] = ()
    settled: bool = False
    ports: Mapping[int | None, int] = field(default_factory=dict)
    state_dir: str | None = None
    patient: bool = False

    @property
    def portable(self) -> bool:
        """Whether the text is for every HAProxy of today."""
        return self.dialect == PORTABLE


@dataclass(slots=True)
class PoolInputs:
    """Pools, the documents that they came from, and what was found; `tasks` is None where none were given.

    `refused` are pools that cannot be used as they are written; `left_out` counts them, and documents that may have
    held some. `origins` tells of pools that were made of something else, by document and pointer, what their values
    were made of. Where a document of tasks cannot be read, `tasks_read` is False: backends without servers would be
    worse than none.
    """

    pools: list[Pool] = field(default_factory=list)
    tasks: Tasks | None = None
    tasks_read: bool = True
    refused: list[Pool] = field(default_factory=list)
    documents: dict[str, source.Document] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    left_out: int = 0
    origins: Mapping[str, Mapping[str, Origin]] = field(default_factory=dict)


def read_pools(paths: Sequence[str], *, tasks: Sequence[str] = (), stdin_name: str | None = None) -> PoolInputs:
    """Reads pools of V1 and V2 in JSON and YAML: files, directories, or `-` for standard input.

    `tasks` are replies of Mesos or Marathon, apps and pods. What cannot be read is a finding.
    """
    inputs = PoolInputs()
    loaded = Loaded()
    for name in source.find_documents(paths, _SUFFIXES):
        read = _value(name, inputs, stdin_name)
        if read is None:
            inputs.left_out += 1
        else:
            load_pools(read[0], read[1], loaded)
    inputs.findings += loaded.findings
    inputs.left_out += loaded.left_out
    inputs.refused = loaded.refused
    inputs.pools = list(_once(loaded.pools, inputs))
    for pool in inputs.pools:
        inputs.findings += findings(remarks(pool), pool.document)
    if tasks:
        inputs.tasks = _tasks(tasks, inputs)
    return inputs


def _note(error: InputError, inputs: PoolInputs) -> None:
    inputs.findings.append(of_error(error))


def _value(name: str, inputs: PoolInputs, stdin_name: str | None = None) -> tuple[str, Any] | None:
    """The name and the value of a document, or None where it cannot be read."""
    try:
        document = source.read(name, stdin_name=stdin_name)
        inputs.documents[document.name] = document
        value = source.load(document)
    except InputError as error:
        _note(error, inputs)
        return None
    for twice in document.duplicate_keys():
        key = unescape_pointer(twice.pointer.rpartition("/")[2])
        text = f'"{key}" is given twice; the last one counts, the one in line {twice.first.start.line} does not'
        origin = Origin(document.name, twice.pointer, position=twice.again.start)
        inputs.findings.append(Finding("duplicate-key", Severity.WARNING, text, origin))
    return document.name, value


def _once(pools: Iterable[Pool], inputs: PoolInputs) -> Iterator[Pool]:
    """The pools, of several under one name the first: Edge-LB knows a pool by its name alone."""
    seen: dict[str, Origin] = {}
    for pool in pools:
        origin = Origin(pool.document, f"{pool.at}/name")
        first = seen.setdefault(pool.name, origin)
        if first is origin:
            yield pool
            continue
        text = f'there is a pool "{pool.name}" already; this one is left out'
        inputs.findings.append(Finding("pool-twice", Severity.ERROR, text, origin, related=(first,)))
        inputs.left_out += 1


def _tasks(names: Sequence[str], inputs: PoolInputs) -> Tasks:
    documents = TaskDocuments()
    for name in names:
        read_task_document(name, documents, inputs)
    return documents.tasks()


def read_task_document(name: str, documents: TaskDocuments, inputs: PoolInputs) -> None:
    """Adds the tasks of a file to the documents; what is wrong with it is a finding of the inputs."""
    read = _value(name, inputs)
    if read is None:
        inputs.tasks_read = False
        return
    try:
        documents.add(read[1])
    except ExceptionGroup as group:
        inputs.tasks_read = False
        for fault in group.exceptions:
            pointer = fault.pointer if isinstance(fault, Fault) else ""
            key = pointer.rpartition("/")[2]
            message = f'"{key}" {fault}' if key and not key.isdecimal() else f"this {fault}"
            inputs.findings.append(Finding("wrong-type", Severity.ERROR, message, Origin(read[0], pointer)))


@dataclass(slots=True)
class PoolResult:
    """What came of a pool: its configuration, if there is one that HAProxy accepts, and all that is to be said.

    `accepted` is False where HAProxy refuses it; without a check it is True. `tool` and `supplied` tell of the check.
    """

    pool: Pool
    rendered: Rendered | None
    findings: list[Finding]
    accepted: bool = True
    tool: str = ""
    supplied: tuple[str, ...] = ()


def from_pool(pool: Pool, tasks: Tasks | None, options: PoolOptions) -> PoolResult:
    """The configuration of the pool, with the servers that its services select among these tasks, or placeholders."""
    own = [each for each in options.reservations if each.scope == pool.name and each.protocol == "tcp"]
    ports = _ports(pool, options, own)
    selected = selection.select(pool, tasks) if tasks is not None else selection.planned(pool)
    planned = plan(pool, selected.servers, ports.ports, _plan_options(options))
    said = findings([*ports.said, *selected.said, *planned.said], pool.document)
    said += on_ports_of_others_in(pool, own) if own and not options.settled else []
    if any(finding.severity is Severity.ERROR for finding in said):
        return PoolResult(pool, None, said)
    rendered = write(planned.plan, reasons, end_lines=True)
    assert not isinstance(rendered, Unfillable)  # these templates are lbgen's own  # noqa: S101
    return PoolResult(pool, rendered, said)


def _ports(pool: Pool, options: PoolOptions, own: Sequence[Reservation]) -> run_time_ports.Ports:
    """The ports that the pool leaves to run time: those that are held for its frontends, or free ones."""
    if not options.portable:
        return run_time_ports.variables(pool)
    reserved = {port for each in own for port in each.ports}
    by_holder = {each.holder: each.first_port for each in own}
    indices = range(len(pool.frontends))
    held: dict[int | None, int] = {
        index: by_holder[name] for index in indices if (name := holder(pool.name, index)) in by_holder
    }
    return run_time_ports.chosen(pool, options.dynamic_ports, reserved, held | dict(options.ports))


def _plan_options(options: PoolOptions) -> PlanOptions:
    return PlanOptions(
        portable=options.portable,
        certificates=options.certificates,
        lua_dir=options.lua_dir,
        stats_socket=options.stats_socket,
        nameservers=options.nameservers,
        https_host=options.https_host,
        state_dir=options.state_dir,
        patient=options.patient,
    )


def checked(result: PoolResult, options: PoolOptions, checking: Checking, name: str) -> PoolResult:
    """The result with what HAProxy says of it, which calls the file `name`; raises ToolError where there is none."""
    if result.rendered is None:
        return result
    # What starts programs and containers takes a while to import.
    from lbgen import check

    verdict = check.check(
        result.rendered.text,
        name=name,
        how=checking.how,
        haproxy_bin=checking.haproxy_bin,
        image=checking.image,
        target=options.target,
    )
    config = parse(result.rendered.text, name)
    said = check.findings(verdict, config, source_map=result.rendered.source_map, name=name)
    return PoolResult(
        result.pool, result.rendered, [*result.findings, *said], verdict.accepted, verdict.tool, verdict.supplied
    )
