"""The addresses of `bind` lines and of stats sockets."""

from __future__ import annotations

from ipaddress import ip_address

from lbgen.regex import regex

# What is no address of a network: sockets of the machine, and descriptors that somebody hands over.
_LOCAL = ("/", "unix@", "abns@", "abnsz@", "fd@", "sockpair@", "uxst@", "uxdg@")
_FAMILY = regex(r"(?:ipv4|ipv6|tcp|tcp4|tcp6|quic4|quic6|udp|udp4|udp6|mptcp|mptcp4|mptcp6|stdout)@")


def is_loopback(address: str) -> bool:
    """Whether nobody from another machine gets to the address, written as HAProxy has it, with a port or without."""
    if address.startswith(_LOCAL):
        return True
    host = host_of(address)
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def host_of(address: str) -> str:
    """The host of an address such as `*:80`, `[::1]:80`, `::1:80` or `ipv4@10.0.0.1:80`; empty for all of them."""
    plain = _FAMILY.sub("", address, count=1)
    host = plain.rpartition(":")[0] if ":" in plain else plain
    return host.strip("[]")
