"""Templates of haproxy.cfg are tried with the HAProxy that the server is told of: a binary, or one in a container."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from lbgen.check.binary import find_binary
from tests.server.documents import pool

if TYPE_CHECKING:
    from collections.abc import Callable

    from integration.server.process import Process


def adding(kind: str, line: str) -> str:
    """A template that adds the line to sections of this kind."""
    added = f"{{% if section.kind == '{kind}' %}}\n  {line}\n{{% endif %}}"
    return f"{{% for section in sections %}}\n{{{{ section.text }}}}\n{added}\n{{% endfor %}}\n"


ACCEPTED = [("frontend", "http-request set-header X-Team web"), ("global", "maxconn 100"), ("backend", "retries 3")]
REFUSED = [
    ("frontend", "http-request set-haeder X-Team web", "http-request set-haeder X-Team web"),
    ("global", "foo bar", "foo bar"),
    ("backend", "balance sideways", "balance sideways"),
    ("frontend", "use_backend nobody if TRUE", "nobody"),
]


@pytest.fixture(params=["binary", "container"])
def options(request: pytest.FixtureRequest, haproxy_images: dict[str, str]) -> list[str]:
    """Those of a server that asks a HAProxy which is there, and is patient with a busy machine."""
    if request.param == "binary" and find_binary() is None:
        pytest.skip("there is no haproxy binary")
    image = ["--image", haproxy_images["3.2"]] if request.param == "container" else []
    return ["--check-timeout", "200", "--check", request.param, *image]


def test_what_haproxy_refuses_is_not_taken(start: Callable[..., Process], options: list[str]) -> None:
    server = start(*options)
    requests.post(f"{server.url}/v2/pools", json=pool(), timeout=60)
    template = f"{server.url}/v2/pools/ping-lb/lbtemplate"
    headers = {"Accept": "application/json"}
    for kind, line in ACCEPTED:
        reply = requests.put(template, data=adding(kind, line), timeout=500)
        assert (reply.status_code, reply.text) == (200, adding(kind, line))
        assert "alone" not in reply.headers["X-Lbgen-Tried-With"]
    kept = requests.get(template, timeout=60).text
    for kind, line, named in REFUSED:
        reply = requests.put(template, data=adding(kind, line), headers=headers, timeout=500)
        assert reply.status_code == 400, line
        assert named in reply.json()["message"]
        assert reply.json()["faults"]
    assert requests.get(template, timeout=60).text == kept
    assert "Traceback" not in server.log
