"""Who listens where."""

from __future__ import annotations

import socket

import pytest

from lbgen.server.instances.binding import Addresses, listeners, refusal


def text(*addresses: str, section: str = "frontend f") -> str:
    return "".join(f"{section}\n  bind {address}\n" for address in addresses)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def test_what_has_no_port_is_nobody_elses() -> None:
    found = listeners(text("unix@/run/x", "abns@y", "*:$PORT", "127.0.0.1:81,[::1]:82 ssl") + "backend b\n  bind :80\n")
    assert [(each.section, each.text) for each in found] == [("f", "127.0.0.1:81"), ("f", "[::1]:82")]


@pytest.mark.parametrize("second", ["127.0.0.1:{port}", "*:{port}", ":{port}", "0.0.0.0:{port}", "[::]:{port} v6only"])
def test_two_pools_cannot_have_one_address(second: str) -> None:
    addresses, port = Addresses(), free_port()
    assert addresses.take("a", text(f"127.0.0.1:{port}")) == ""
    wanted = second.format(port=port)
    assert addresses.take("b", text(wanted)) == f"f cannot bind {wanted.split()[0]}: the pool a has it"
    addresses.leave("a")
    assert addresses.take("b", text(wanted)) == ""


def test_other_hosts_and_ports_are_others() -> None:
    addresses, port = Addresses(), free_port()
    assert addresses.take("a", text(f"127.0.0.1:{port}")) == ""
    assert addresses.take("b", text(f"127.0.0.2:{port}")) == ""


def test_a_pool_has_its_old_addresses_until_it_says_so() -> None:
    addresses, old, new = Addresses(), text(f"127.0.0.1:{free_port()}"), text(f"127.0.0.1:{free_port()}")
    assert addresses.take("a", old) == ""
    assert addresses.take("a", new) == ""
    assert addresses.take("b", old) != ""
    addresses.keep("a", new)
    assert addresses.take("b", old) == ""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("*:{port}", "127.0.0.1:{port}"),
        ("127.0.0.1:{port}", "*:{port}"),
        ("127.0.0.1:{port}", "127.0.0.1:{port}-{port}"),
    ],
)
def test_a_pool_is_not_in_its_own_way(before: str, after: str) -> None:
    addresses = Addresses()
    with socket.create_server(("127.0.0.1", 0)) as own:
        port = own.getsockname()[1]
        addresses.keep("a", text(before.format(port=port)))
        assert addresses.take("a", text(after.format(port=port))) == ""
        assert addresses.take("b", text(after.format(port=port))).endswith("the pool a has it")


def test_nothing_is_taken_where_something_cannot_be() -> None:
    addresses, ports = Addresses(), [free_port(), free_port()]
    assert addresses.take("a", text(f"127.0.0.1:{ports[0]}")) == ""
    assert addresses.take("b", text(f"127.0.0.1:{ports[1]}", f"127.0.0.1:{ports[0]}")) != ""
    assert addresses.take("c", text(f"127.0.0.1:{ports[1]}")) == ""


def test_programs_of_others_are_seen_even_where_they_share() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        address = f"127.0.0.1:{other.getsockname()[1]}"
        told = Addresses().take("a", text(address))
    assert told == f"f cannot bind {address}: another program of this machine listens there"


def test_a_range_clashes_with_what_is_in_it() -> None:
    addresses = Addresses()
    addresses.keep("a", text("*:1000-2000"))
    assert addresses.take("b", text("*:2000")) == "f cannot bind *:2000: the pool a has it"
    assert any(1500 in each for each in addresses.ports(but="b"))
    assert addresses.ports(but="a") == []


def test_addresses_of_other_machines() -> None:
    from ipaddress import ip_address

    assert refusal(ip_address("192.0.2.77"), 1) == "this machine has no such address"
    assert refusal(None, 99999) == ""
