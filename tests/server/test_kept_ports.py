"""Ports that pools leave to run time."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from lbgen.server.instances.binding import Addresses
from lbgen.server.instances.ports import Ports
from lbgen.server.rendering import load
from lbgen.server.store import StoredPool
from tests.server.documents import pool

if TYPE_CHECKING:
    from pathlib import Path

    from lbgen.edgelb.pool import Pool

ALLOWED = range(21000, 22000)


def made(name: str, *ports: int, names: tuple[str, ...] = ("x", "y", "z")) -> Pool:
    document: dict[str, Any] = pool(name)
    first = document["haproxy"]["frontends"][0]
    document["haproxy"]["frontends"] = [
        {**first, "name": each, "bindPort": port} for each, port in zip(names, ports, strict=False)
    ]
    return load(StoredPool(name, "V2", document, 1)).pools[0]


def test_each_has_its_own_and_keeps_it(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    ports = Ports(file, Addresses())
    first, second = ports.of(made("a", 0, 0), ALLOWED), ports.of(made("b", 0), ALLOWED)
    assert first.keys() == {None, 0, 1}
    assert second.keys() == {None, 0}
    assert len({*first.values(), *second.values()}) == 5
    again = Ports(file, Addresses())
    assert (again.of(made("a", 0, 0), ALLOWED), again.of(made("b", 0), ALLOWED)) == (first, second)


def test_a_port_goes_with_the_name_of_its_frontend(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json", Addresses())
    before = ports.of(made("a", 0), ALLOWED)
    after = ports.of(made("a", 0, 0, names=("new", "x")), ALLOWED)
    assert after[1] == before[0]


def test_a_port_of_ones_own_is_kept_when_any_would_do(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json", Addresses())
    assert ports.of(made("a", 8123), ALLOWED).keys() == {None}
    assert ports.of(made("a", 0), ALLOWED)[0] == 8123


def test_a_port_that_becomes_somebody_elses_in_the_pool_is_given_up(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json", Addresses())
    old = ports.of(made("a", 0), ALLOWED)[0]
    new = ports.of(made("a", 0, old), ALLOWED)
    assert new.keys() == {None, 0}
    assert new[0] != old


def test_ports_of_others_are_left_alone(tmp_path: Path) -> None:
    addresses = Addresses()
    addresses.keep("other", "frontend f\n  bind *:21000-21990\n")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        found = Ports(tmp_path / "ports.json", addresses).of(made("a", 0), range(port, port + 1))
        assert found == {}
    assert set(Ports(tmp_path / "p.json", addresses).of(made("a", 15001), ALLOWED).values()) <= set(range(21991, 22000))


def test_pools_that_are_gone_hold_nothing(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json", Addresses())
    kept = ports.of(made("a", 0), ALLOWED)
    ports.forget({"b"})
    assert "a" not in (tmp_path / "ports.json").read_text()
    assert ports.of(made("a", 0), ALLOWED) == kept


def test_what_cannot_be_read_is_chosen_anew(tmp_path: Path) -> None:
    for text in ("", "[]", '{"a": 1}', '{"a": {"x": "y"}}'):
        (tmp_path / "ports.json").write_text(text)
        assert Ports(tmp_path / "ports.json", Addresses()).of(made("a", 0), ALLOWED).keys() == {None, 0}
