"""Pools and what is told of them as people read them: the tables of `dcos edgelb`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.report.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lbgen.edgelb.pool import Backend, Pool, Service, Wanted

ON_VIRTUAL_NETWORKS = "Internal IPs are those of the hosts; on a virtual network the pool has addresses of its own."
_LIST = ("NAME", "APIVERSION", "COUNT", "ROLE", "PORTS")
_ENDPOINTS = ("NAME", "PORT", "INTERNAL IPS", "EXTERNAL IPS")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The rows below their head, in columns as wide as they need to be."""
    cells = [tuple(head), *(tuple(visible(str(cell)) for cell in row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in cells)
    return "".join(f"  {line}".rstrip() + "\n" for line in lines)


def listed(pools: Iterable[Pool]) -> str:
    """One line for each pool; its ports are that of the statistics, and then those of the frontends."""
    return table(_LIST, (_listed(pool) for pool in pools))


def _listed(pool: Pool) -> tuple[object, ...]:
    ports = ", ".join(map(str, [pool.stats.port, *(each.port for each in pool.frontends)]))
    return pool.name, pool.version, _field(pool, "count"), _field(pool, "role"), ports


def _field(pool: Pool, key: str) -> str:
    return str(pool.fields.get(key, ""))


def shown(pool: Pool) -> str:
    """Everything about a pool that fits into tables."""
    return "\n".join(f"{title}:\n{table(head, rows)}" for title, head, rows in _sections(pool))


def _sections(pool: Pool) -> Iterator[tuple[str, Sequence[str], Iterable[Sequence[object]]]]:
    yield (
        "Summary",
        ("NAME", "APIVERSION", "COUNT", "ROLE", "CONSTRAINTS", "STATSPORT"),
        [(*_listed(pool)[:4], _field(pool, "constraints"), pool.stats.port)],
    )
    yield (
        "Frontends",
        ("NAME", "PORT", "PROTOCOL"),
        [(each.name, each.port, each.protocol) for each in pool.frontends],
    )
    yield (
        "Backends",
        ("FRONTEND", "NAME", "PROTOCOL", "BALANCE"),
        [(_frontends(pool, each), each.name, each.protocol, each.balance) for each in pool.backends],
    )
    services = [(backend, service) for backend in pool.backends for service in backend.services]
    yield (
        "Marathon Services",
        ("BACKEND", "TYPE", "SERVICE", "CONTAINER", "PORT", "CHECK"),
        [_selecting(*each, "marathon/serviceID", "marathon/containerName") for each in services if _asks(each[1])],
    )
    yield (
        "Mesos Services",
        ("BACKEND", "TYPE", "FRAMEWORK", "TASK", "PORT", "CHECK"),
        [_of_mesos(*each) for each in services if _asks(each[1], "mesos")],
    )
    addresses = [_address(*each) for each in services if not _asks(each[1]) and not _asks(each[1], "mesos")]
    if addresses:
        yield "Addresses", ("BACKEND", "ADDRESS", "PORT", "CHECK"), addresses


def _frontends(pool: Pool, backend: Backend) -> str:
    names = [
        each.name
        for each in pool.frontends
        if backend.name == each.default_backend or any(rule.backend == backend.name for rule in each.rules)
    ]
    return ", ".join(names)


def _asks(service: Service, whom: str = "marathon") -> bool:
    return any(each.set for each in service.wanted if each.key.startswith(f"{whom}/"))


def _selecting(backend: Backend, service: Service, *keys: str) -> tuple[object, ...]:
    wanted = (_wanted(service.wants(key)) for key in keys)
    return (backend.name, service.endpoint.type, *wanted, _port(service), _check(service))


def _of_mesos(backend: Backend, service: Service) -> tuple[object, ...]:
    by_name = _selecting(backend, service, "mesos/frameworkName", "mesos/taskName")
    by_id = _selecting(backend, service, "mesos/frameworkID", "mesos/taskID")
    return tuple(name or other for name, other in zip(by_name, by_id, strict=True))


def _address(backend: Backend, service: Service) -> tuple[object, ...]:
    return backend.name, service.endpoint.address or service.vip, _port(service), _check(service)


def _wanted(wanted: Wanted) -> str:
    return f"/{wanted.pattern}/" if wanted.pattern else wanted.exact


def _port(service: Service) -> str:
    endpoint = service.endpoint
    if endpoint.port_name:
        return endpoint.port_name
    return "all" if endpoint.all_ports else str(endpoint.port) if endpoint.port >= 0 else ""


def _check(service: Service) -> str:
    return service.endpoint.check_extra or ("enabled" if service.endpoint.check else "disabled")


def endpoints(metadata: Mapping[str, Any]) -> str:
    """Where the frontends of a pool and its statistics are reached, out of its metadata."""
    rows = [(str(each.get("name", "")), each.get("endpoints")) for each in _objects(metadata.get("frontends"))]
    rows.append(("stats", metadata.get("stats")))
    made = [
        (name, each.get("port", ""), _joined(each.get("private")), _joined(each.get("public")))
        for name, found in rows
        for each in _objects(found)
    ]
    return f"{table(_ENDPOINTS, made)}\n{ON_VIRTUAL_NETWORKS}\n"


def addresses(metadata: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The addresses of a pool's load balancers, inside and outside, each once."""
    found: tuple[dict[str, None], dict[str, None]] = ({}, {})
    groups = [each.get("endpoints") for each in _objects(metadata.get("frontends"))]
    for endpoint in (each for group in (*groups, metadata.get("stats")) for each in _objects(group)):
        found[0].update(dict.fromkeys(_strings(endpoint.get("private"))))
        found[1].update(dict.fromkeys(_strings(endpoint.get("public"))))
    return list(found[0]), list(found[1])


def told(metadata: Mapping[str, Any]) -> str:
    """Why what is wanted does not run, out of the metadata; nothing where it does, or where nobody says."""
    status = metadata.get("status")
    if not isinstance(status, dict) or status.get("state") == "OK":
        return ""
    return str(status.get("message") or "pending")


def running(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """How many load balancers run, out of the metadata; nothing where nobody says."""
    status = metadata.get("status")
    return {"running": status["running"]} if isinstance(status, dict) and "running" in status else {}


def of_status(status: Mapping[str, Any]) -> str:
    """How a pool is, in one line."""
    runs = {"RUNNING": status["running"]} if "running" in status else {}
    head = ("NAME", "APIVERSION", "COUNT", *runs, "INTERNAL IPS", "EXTERNAL IPS", "CONFIGURATION")
    places = _joined(status["private"]), _joined(status["public"])
    row = (status["name"], status["apiVersion"], status["count"], *runs.values(), *places, status["configuration"])
    return table(head, [row])


def _joined(value: object) -> str:
    return ", ".join(_strings(value)) or "-"


def _strings(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _objects(value: object) -> list[dict[str, Any]]:
    """What is in a list as it should be: a server may be older than its client, or no Edge-LB at all."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def template_status(name: str, status: Mapping[str, Any]) -> str:
    """What came of a pool template, and of each task that asks for it."""
    head = table(("NAME", "STATUS", "MESSAGE"), [(name, status.get("status", ""), status.get("message") or "")])
    statuses = status.get("statuses")
    tasks = statuses.items() if isinstance(statuses, dict) else ()
    rows = [
        (task, each.get("status", ""), ", ".join(_strings(each.get("uris"))), each.get("message") or "")
        for task, each in tasks
        if isinstance(each, dict)
    ]
    return f"{head}\n{table(('TASK', 'STATUS', 'URIS', 'MESSAGE'), rows)}" if rows else head
