"""Where the operator wrote the lines himself, rules about TLS and HTTP do not guess what they do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options

if TYPE_CHECKING:
    from pathlib import Path

LABELS = {
    "HAPROXY_GROUP": "external",
    "HAPROXY_0_VHOST": "a.example.com,b.example.com",
    "HAPROXY_0_SSL_CERT": "/etc/ssl/shop.pem",
    "HAPROXY_0_HTTP_BACKEND_REDIR": "/start",
    "HAPROXY_0_HTTP_BACKEND_PROXYPASS_PATH": "/app",
}
TEMPLATES = {
    "certificate-not-on-443": (
        "HTTPS_FRONTEND_HEAD",
        "\nfrontend marathon_https_in\n  bind *:443 ssl crt /etc/ssl/all/\n  mode http\n",
    ),
    "redirect-broken": ("HTTP_BACKEND_REDIR", "  redirect code 301 location {redirpath} if {{ path / }}\n"),
    "proxypass-host": ("HTTP_BACKEND_PROXYPASS_GLUE", "  http-request replace-path ^{proxypath}/?(.*) /\\1\n"),
}


def told(tmp_path: Path, environ: dict[str, str]) -> set[str]:
    path = tmp_path / "app.json"
    path.write_text(json.dumps({"id": "/shop", "labels": LABELS, "portDefinitions": [{"port": 10001}]}))
    return {finding.rule for finding in lint([str(path)], Options(groups=(), environ=environ)).findings}


@pytest.mark.parametrize("rule", TEMPLATES)
def test_a_template_of_the_operators_is_taken_at_its_word(tmp_path: Path, rule: str) -> None:
    name, text = TEMPLATES[rule]
    assert rule in told(tmp_path, {})
    assert rule not in told(tmp_path, {f"HAPROXY_{name}": text})
    others = TEMPLATES.keys() - {rule}
    assert others <= told(tmp_path, {f"HAPROXY_{name}": text})
