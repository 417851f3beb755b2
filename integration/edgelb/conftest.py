"""What the tests of traffic share: the one pool on every HAProxy, and the certificates of both sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from integration.edgelb.traffic_pool import AUTOCERT, BY_NAME, NAME, configuration, stubs
from lbgen.edgelb.autocert import automatic_certificate
from lbgen.testing import Authority, run_haproxy, run_stubs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.testing import Answer, Haproxy, Stubs


@dataclass(frozen=True, slots=True)
class Traffic:
    """The pool's load balancer, its own certificate, and the authority of the certificates behind it."""

    haproxy: Haproxy
    stubs: Stubs
    certificate: bytes
    authority: bytes

    def named(self, backend: str, path: str = "/", **headers: str) -> Answer:
        """The answer of a backend that is asked for by its name; underscores of `headers` are dashes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.haproxy.request(BY_NAME, path, headers={"Host": f"{backend}.test", **named})


@pytest.fixture(scope="session")
def traffic(haproxy_image: str) -> Iterator[Traffic]:
    """The pool on each HAProxy in turn."""
    authority = Authority.new()
    certificate = automatic_certificate(NAME, "ec")
    with run_stubs(*stubs(authority), image=haproxy_image) as started:
        text = configuration(started["web"].host)
        with run_haproxy(text, stubs=started, files={AUTOCERT: certificate}) as haproxy:
            yield Traffic(haproxy, started, certificate, authority.pem)
