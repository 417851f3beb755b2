"""What a pool says of itself: its name, its sizes, its secrets and networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.edgelb.checks.texts import hint, is_host
from lbgen.edgelb.checks.words import in_range, missing, one_of, repeated
from lbgen.edgelb.said import Said
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lbgen.edgelb.pool import Pool

_NAME = regex(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_FILE = regex(r"[a-zA-Z0-9][a-zA-Z0-9_-]*")
_NAME_RULE = "small letters, digits and '-', with a letter or digit at both ends"
_MOST = 2**31
_RANGES: Mapping[str, range] = {
    "count": range(_MOST),
    "mem": range(_MOST),
    "memAdminOverhead": range(_MOST),
    "disk": range(_MOST),
    "poolHealthcheckGracePeriod": range(1, _MOST),
    "poolHealthcheckInterval": range(1, _MOST),
    "poolHealthcheckMaxFail": range(1, _MOST),
    "poolHealthcheckTimeout": range(2, _MOST),
}
_TYPES = ("static", "template-static", "template-dynamic")
PORTS = range(65536)


def head(pool: Pool) -> Iterator[Said]:
    """The faults of everything outside of "haproxy", and of the statistics."""
    yield from _names(pool)
    for key, allowed in _RANGES.items():
        if key in pool.fields:
            yield from in_range(f"{pool.at}/{key}", pool.fields[key], allowed)
    for key in ("cpus", "cpusAdminOverhead"):
        if pool.fields.get(key, 0) < 0:
            yield Said("bad-pool-value", f"{pool.at}/{key}", f'"{key}" should be 0 or more')
    for index, port in enumerate(pool.fields.get("ports") or []):
        yield from in_range(f"{pool.at}/ports/{index}", port, PORTS)
    if "type" in pool.fields:
        yield from one_of(f"{pool.at}/type", pool.fields["type"], _TYPES)
    yield from _secrets(f"{pool.at}/secrets", pool.fields.get("secrets") or [])
    yield from _networks(f"{pool.at}/virtualNetworks", pool.fields.get("virtualNetworks") or [])
    yield from in_range(f"{pool.stats.at}/bindPort", pool.stats.port, PORTS)
    yield from bad_address(f"{pool.stats.at}/bindAddress", pool.stats.address)


def _names(pool: Pool) -> Iterator[Said]:
    if not pool.name:
        yield missing(pool.at, "name")
    elif not _NAME.fullmatch(pool.name):
        message = f'"name" should be {_NAME_RULE}, is "{pool.name:.60}"'
        yield Said("bad-pool-name", f"{pool.at}/name", message, hint(pool.name))
    namespace = pool.fields.get("namespace") or ""
    if namespace and not all(_NAME.fullmatch(part) for part in namespace.split("/")):
        message = f'each part of "namespace" should be {_NAME_RULE}, as in dcos-edgelb/pools'
        yield Said("bad-pool-name", f"{pool.at}/namespace", message, hint(namespace))


def bad_address(pointer: str, address: str) -> Iterator[Said]:
    """The fault of an address to bind to; an empty one stands for all."""
    if address and not is_host(address):
        help_ = "0.0.0.0 stands for all addresses" if address == "*" else "write IPv6 without brackets"
        message = f'"bindAddress" should be an IP address, is "{address:.60}"'
        yield Said("bad-pool-value", pointer, message, help_ if set(address) & set("*[]") else hint(address))


def _secrets(at: str, secrets: list[Any]) -> Iterator[Said]:
    for index, secret in enumerate(secrets):
        for key in ("secret", "file"):
            if not secret.get(key):
                yield missing(f"{at}/{index}", key)
        file = secret.get("file")
        if file and not _FILE.fullmatch(file):
            rule = "letters, digits, '_' and '-', a letter or digit in front"
            yield Said("bad-pool-value", f"{at}/{index}/file", f'"file" should be {rule}, is "{file:.60}"')
    for key in ("secret", "file"):
        given = ((f"{at}/{index}/{key}", secret[key]) for index, secret in enumerate(secrets) if secret.get(key))
        yield from repeated(given, f"the {'secret' if key == 'secret' else 'file of a secret'}")


def _networks(at: str, networks: list[Any]) -> Iterator[Said]:
    for index, network in enumerate(networks):
        if not network.get("name"):
            yield missing(f"{at}/{index}", "name")
    given = ((f"{at}/{index}/name", network["name"]) for index, network in enumerate(networks) if network.get("name"))
    yield from repeated(given, "the virtual network")
