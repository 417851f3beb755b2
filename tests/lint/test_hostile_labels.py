"""Whatever labels hold, the rules about templates and security say something or nothing, and no more than that."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lbgen.lint.registry import RULES
from lbgen.lint.rules import security, templates
from lbgen.marathon.labels import PORT_LABELS, TEMPLATE_LABELS
from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options

if TYPE_CHECKING:
    from pathlib import Path

OURS = tuple(rule for rule in RULES if rule in (*templates.RULES, *security.RULES))
# What HAProxy, `str.format` and regular expressions read something into, and words that the rules look for.
PIECES = [
    *"{}[]()!:.$\\\"'#%/*+?^|,-",
    *(" ", "\n", "\r\n", "\t", "\0", "\u2028", "\ud7ff", "é", "\\n", "\\x00", "{{", "}}", "${", "%["),
    *("{backend}", "{healthCheck[path]}", "{port:>99999999}", "{backend.__class__}", "{0}", "{}", "$HOME", "${HOME}"),
    *("backend", "frontend", "listen", "global", "mode", "server ", "bind ", "env(", "lua-load", "stats socket"),
    *("no ", ".if", "http-request set-header ", "Authorization ", "Bearer ", "insecure-password ", "http_auth(", "$1$"),
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join)
NAMES = st.sampled_from(sorted({*(label.name for label in PORT_LABELS), *TEMPLATE_LABELS, "MAP_HTTP_FRONTEND_ACL"}))
OPTIONS = st.builds(
    Options,
    groups=st.just(()),
    dialect=st.sampled_from(["portable", "marathon-lb"]),
    haproxy_map=st.booleans(),
    group_https_by_vhost=st.booleans(),
    environ=st.dictionaries(st.sampled_from(["HAPROXY_HEAD", "HAPROXY_FRONTEND_HEAD"]), TEXTS, max_size=2),
)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(labels=st.dictionaries(NAMES, TEXTS, max_size=8), http=st.booleans(), options=OPTIONS)
def test_no_rule_fails_and_every_place_is_in_the_label(
    tmp_path: Path, labels: dict[str, str], http: bool, options: Options
) -> None:
    named = {f"HAPROXY_0_{name}": text for name, text in labels.items()}
    usual = {"HAPROXY_GROUP": "external", "HAPROXY_0_VHOST": "a.example.com"} if http else {"HAPROXY_GROUP": "external"}
    app = {"id": "/web", "instances": 1, "labels": usual | named, "portDefinitions": [{"port": 10001}]}
    path = tmp_path / "web.json"
    path.write_text(json.dumps(app), encoding="utf-8")

    found = lint([str(path)], options, rules=OURS).findings

    assert [finding.message for finding in found if finding.rule == "internal-error"] == []
    for finding in found:
        origin = finding.origin
        if origin is not None and origin.label in named and origin.end is not None:
            assert 0 <= (origin.start or 0) <= origin.end <= len(named[origin.label])
