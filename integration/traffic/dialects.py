"""A fleet's configuration in both dialects, and what has to be done so that Marathon-LB's starts outside its image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from integration.traffic.fleet import AGENT
from lbgen import pipeline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from integration.traffic.fleet import Fleet

CERTIFICATES = ("/etc/ssl/cert.pem", "/etc/ssl/more.pem")
"""What 443 shows; the second is for `*.example.net` alone."""


@dataclass(frozen=True, slots=True)
class Written:
    """A configuration, its map files by path, and the names of what was found."""

    text: str
    maps: Mapping[str, bytes]
    findings: frozenset[str]
    left_out: int = 0


def written(fleet: Fleet, dialect: str, address: str = "192.0.2.1") -> Written:
    """The configuration of the fleet, whose tasks are at this IPv4 address.

    Marathon-LB's dialect is written as Marathon-LB writes it, without lbgen's care for what labels may say.
    """
    options = pipeline.Options(
        dialect=dialect,
        haproxy_map=fleet.maps,
        group_https_by_vhost=fleet.grouped,
        bind_http_https=fleet.bound,
        haproxy_config=fleet.config_path,
        ssl_certs=CERTIFICATES,
        hosts={AGENT: address},
        environ=fleet.environment,
        unsafe_templates=dialect == "marathon-lb",
    )
    generated = pipeline.from_apps(pipeline.from_values("apps", fleet.described()), options)
    assert generated.rendered is not None, [finding.message for finding in generated.findings]
    folder = fleet.config_path.rpartition("/")[0]
    maps = {f"{folder}/{name}": text.encode() for name, text in generated.rendered.maps.items()}
    found = frozenset(finding.rule for finding in generated.findings)
    return Written(generated.rendered.text, maps, found, generated.left_out)


# Lines of Marathon-LB's head that need what only its image, or a machine made ready for it, has.
_LEFT_OUT = (
    "  maxconn 50000",  # needs 100,000 file descriptors
    "  stats socket ",  # needs the directory
    "  lua-load ",  # needs its scripts, and root
    "  http-request use-service lua.",
)


def startable(text: str) -> str:
    """The configuration without those lines of the head that keep it from starting; everything else is as it was."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(_LEFT_OUT))
