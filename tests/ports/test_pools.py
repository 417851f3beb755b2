"""Claims of pools: what they bind, what they ask Mesos for, and where they run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.pipeline.claims import Claims
from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options

if TYPE_CHECKING:
    from pathlib import Path


def pool(name: str = "edge", port: int = 80, **fields: Any) -> dict[str, Any]:
    """A pool with one frontend."""
    services = [{"marathon": {"serviceID": "/web"}, "endpoint": {"portName": "web"}}]
    return {
        "apiVersion": "V2",
        "name": name,
        "haproxy": {
            "stats": {"bindPort": port + 1},
            "frontends": [{"bindPort": port, "protocol": "HTTP", "linkBackend": {"defaultBackend": "web"}}],
            "backends": [{"name": "web", "protocol": "HTTP", "services": services}],
        },
        **fields,
    }


def told(directory: Path, *pools: dict[str, Any], **options: Any) -> list[str]:
    """What lint says of clashes."""
    path = directory / "pools.json"
    path.write_text(json.dumps({"pools": list(pools)}))
    found = lint([str(path)], Options(groups=(), **options)).findings
    return [finding.message for finding in found if finding.rule == "port-clash"]


def claimed(directory: Path, value: dict[str, Any]) -> list[tuple[str, str, bool, bool]]:
    """Ports, kinds, whether they are bound, and where it is said."""
    path = directory / "pool.json"
    path.write_text(json.dumps(value))
    rows = Claims([str(path)], Options(groups=())).rows()
    return [(str(each.claim.ports), each.claim.kind.name, each.claim.binds, each.where != "") for each in rows]


BOUND = [("80", "FRONTEND", True, True), ("81", "STATS", True, True)]


def test_frontends_and_statistics_are_bound(tmp_path: Path) -> None:
    assert claimed(tmp_path, pool()) == BOUND


def test_what_else_is_asked_for_is_held(tmp_path: Path) -> None:
    assert claimed(tmp_path, pool(ports=[80, 81, 8443, 0, 70000])) == [*BOUND, ("8443", "ASKED", False, True)]


def test_a_pool_that_is_refused_would_bind_the_same(tmp_path: Path) -> None:
    refused = pool()
    refused["haproxy"]["backends"][0]["protocol"] = "TCP"
    assert claimed(tmp_path, refused) == BOUND


def test_pools_have_machines_of_their_own_unless_it_is_said(tmp_path: Path) -> None:
    assert told(tmp_path, pool("a"), pool("b")) == []
    found = told(tmp_path, pool("a"), pool("b"), shared_nodes=(("a", "b"),))
    assert [message.partition("; ")[0] for message in found] == [
        'port 80 is also claimed by the frontend "frontend_0.0.0.0_80" of the pool a (bindPort)',
        "port 81 is also claimed by the statistics of the pool a (bindPort)",
    ]
    assert all("Mesos gives it to one of them" in message for message in found)


@pytest.mark.parametrize(
    ("one", "other", "clashes"),
    [
        ("hostname:LIKE:10.0.0.5", "hostname:CLUSTER:10.0.0.5", 2),
        ("hostname:LIKE:10.0.0.5", '[["hostname", "IS", "10.0.0.5"]]', 2),
        ("hostname:LIKE:10.0.0.5", '["hostname", "LIKE", "10\\\\.0\\\\.0\\\\.5"]', 2),
        ("hostname:LIKE:10.0.0.5", "hostname:LIKE:10.0.0.6", 0),
        ("hostname:LIKE:10.0.0.[56]", "hostname:LIKE:10.0.0.[56]", 0),
        ("hostname:UNIQUE", "hostname:UNIQUE", 0),
        ("[[", "[[", 0),
    ],
)
def test_constraints_keep_pools_together_or_apart(tmp_path: Path, one: str, other: str, clashes: int) -> None:
    assert len(told(tmp_path, pool("a", constraints=one), pool("b", constraints=other))) == clashes


def test_one_port_twice_in_a_pool_is_a_clash(tmp_path: Path) -> None:
    twice = pool()
    twice["haproxy"]["stats"]["bindPort"] = 80
    assert len(told(tmp_path, twice)) == 1
