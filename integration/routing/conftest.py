"""What the tests of routing share: one HAProxy of each version, and the stubs behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from integration.routing.handwritten import FILES
from integration.traffic.dialects import CERTIFICATES
from integration.traffic.fleets import OWN_CERTIFICATE, SERVICE_PORTS, STUB_PORTS
from lbgen.testing import Stub, run_haproxy, run_stubs, self_signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.testing import Haproxy

POOL_CERTIFICATE = "/etc/haproxy/autocert.pem"
_PORTS = (80, 81, 443, 8080, 8443, 9090, 9091, *SERVICE_PORTS)
_IDLE = """\
defaults
  timeout connect 3s
  timeout client 30s
  timeout server 30s
frontend idle
  bind :9090
"""


@dataclass(frozen=True, slots=True)
class Balancer:
    """A running HAProxy, and the address of its stubs."""

    haproxy: Haproxy
    address: str


@pytest.fixture(scope="session")
def balancer(haproxy_image: str) -> Iterator[Balancer]:
    """The HAProxy of each version in turn; it is told later what to serve."""
    paths = (*CERTIFICATES, OWN_CERTIFICATE, POOL_CERTIFICATE)
    files = {path: self_signed(["*.example.org", "*.example.net"]) for path in paths}
    files |= {path: text.encode() for path, text in FILES.items()}
    stubs = [Stub(str(port), port=port) for port in STUB_PORTS]
    with (
        run_stubs(*stubs, image=haproxy_image) as started,
        run_haproxy(_IDLE, stubs=started, files=files, ports=_PORTS) as haproxy,
    ):
        yield Balancer(haproxy, started[stubs[0].name].host)
