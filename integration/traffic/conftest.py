"""What the tests of traffic share: two HAProxy side by side, and the stubs behind both."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from integration.traffic.dialects import CERTIFICATES, startable, written
from integration.traffic.fleets import OWN_CERTIFICATE, SERVICE_PORTS, STUB_PORTS
from integration.traffic.scenarios import TLS_STUB
from lbgen.testing import Stub, run_haproxy, run_stubs, self_signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from integration.traffic.fleet import Fleet
    from lbgen.testing import Haproxy

PORTS = (80, 443, 9090, 9091, *SERVICE_PORTS)
_IDLE = """\
defaults
  timeout connect 3s
  timeout client 30s
  timeout server 30s
frontend idle
  bind :9090
"""


class Both(NamedTuple):
    """The HAProxy that runs what Marathon-LB would write, and the one with the portable text."""

    old: Haproxy
    new: Haproxy
    address: str

    def serve(self, fleet: Fleet) -> frozenset[str]:
        """Has both serve the fleet, and returns the names of what lbgen finds to say about the portable text."""
        old, new = (written(fleet, dialect, self.address) for dialect in ("marathon-lb", "portable"))
        self.old.reload(startable(old.text), files=old.maps)
        self.new.reload(new.text, files=new.maps)
        return new.findings


@pytest.fixture(scope="session")
def certificates() -> dict[str, bytes]:
    """Every certificate that a fleet names, by its path."""
    names = (["*.example.org"], ["*.example.net"], ["own.example.org", "*.example.org"])
    return {path: self_signed(each) for path, each in zip((*CERTIFICATES, OWN_CERTIFICATE), names, strict=True)}


@pytest.fixture(scope="session")
def both(haproxy_image: str, certificates: dict[str, bytes]) -> Iterator[Both]:
    """Both, of each version in turn; they are told later what to serve."""
    stubs = [Stub(str(port), port=port) for port in STUB_PORTS]
    stubs.append(Stub(str(TLS_STUB), port=TLS_STUB, certificate=self_signed(["checked.example.org"])))
    with run_stubs(*stubs, image=haproxy_image) as started:
        address = started[stubs[0].name].host
        with (
            run_haproxy(_IDLE, stubs=started, files=certificates, ports=PORTS) as old,
            run_haproxy(_IDLE, stubs=started, files=certificates, ports=PORTS) as new,
        ):
            yield Both(old, new, address)
