"""client-certificate-lent: a section is looked at once, however many servers it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.haproxy.parse import parse
from lbgen.lint.context import Context
from lbgen.lint.rules.security import client_certificate_lent
from lbgen.lint.subjects import Configuration

if TYPE_CHECKING:
    import pytest

    from lbgen.haproxy.parse import Directive

_SERVERS = 50


def test_a_section_is_looked_at_once_for_all_of_its_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counting(directive: Directive) -> bool:
        asked.append(directive.line)
        return False

    monkeypatch.setattr(client_certificate_lent, "guards", counting)
    lines = [f"  server s{number} 192.0.2.1:6443 ssl crt client.pem" for number in range(_SERVERS)]
    config = parse("\n".join(["backend kube", *lines, ""]), "haproxy.cfg")
    found = list(client_certificate_lent.check(Configuration(config, Context(), None, "")))
    assert len(found) == _SERVERS
    assert len(asked) == _SERVERS
