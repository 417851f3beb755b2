"""Whatever labels hold: fixes come to an end, do what they say, and what comes out is a document still."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lbgen.marathon.labels import PORT_LABELS, TEMPLATE_LABELS
from lbgen.pipeline.fixing import lint_and_fix
from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options

PIECES = st.sampled_from(
    [
        *(
            "true",
            "1",
            "off",
            " ",
            "\t",
            "\n",
            ",",
            "http",
            "TCP",
            "https://",
            "a.example.org",
            "*.b.example",
            ":443",
            "/x",
        ),
        *(
            "/api/.*",
            "10.0.0.0/8",
            "80",
            "+10001",
            "_",
            "{backend}",
            "{",
            "}}",
            "{host_ipv4}:{port}",
            "  rspadd X:\\ y\n",
        ),
        *(
            "  reqirep ^a b\n",
            "  timeout client 3s\n",
            "  server a 1.1.1.1:80\n",
            "  option forwrdfor\n",
            "$X",
            "\\n",
            "é",
        ),
        *(
            "  mode {mode}\n",
            "backend {backend}\n",
            "frontend {backend}\n",
            "  block if FALSE\n",
            "ture",
            "^",
            "(",
            "\\",
            '"',
        ),
    ]
)
TEXTS = st.lists(PIECES, max_size=4).map("".join)
NAMES = [label.name for label in PORT_LABELS] + sorted(TEMPLATE_LABELS) + ["VHOSTS", "Port"]
LABELS = st.dictionaries(st.sampled_from([f"HAPROXY_0_{name}" for name in NAMES]), TEXTS, max_size=5)


@settings(max_examples=40, deadline=None)
@given(st.lists(LABELS, min_size=1, max_size=2), TEXTS, st.sampled_from(["json", "yaml"]), st.booleans())
def test_of_apps(labels: list[dict[str, str]], group: str, kind: str, portable: bool) -> None:
    apps: list[dict[str, Any]] = [
        {"id": f"/a{number}", "ports": [10001 + number], "labels": {"HAPROXY_GROUP": group or "external", **each}}
        for number, each in enumerate(labels)
    ]
    text = json.dumps(apps, indent=1) if kind == "json" else yaml.safe_dump(apps, allow_unicode=True, sort_keys=False)
    options = Options(groups=(), dialect="portable" if portable else "marathon-lb")
    with TemporaryDirectory() as place:
        path = Path(place, f"apps.{kind}")
        path.write_text(text)
        done = lint_and_fix(lambda: lint([str(path)], options), unsafe=True)
    assert [each.message for each in done.linted.findings if each.rule == "internal-error"] == []
    made = done.after.get(str(path), text)
    found = json.loads(made) if kind == "json" else yaml.safe_load(made)
    assert [app["id"] for app in found] == [app["id"] for app in apps]


LINES = st.sampled_from(
    [
        *(
            "frontend a",
            "backend b",
            "listen c",
            "defaults",
            "global",
            "  bind :80",
            "  server s 10.0.0.1:80 chekc",
            "",
        ),
        *(
            "  rspadd X:\\ y",
            "  reqirep ^Host:\\ a Host:\\ b",
            "  timeout client 3s",
            "  blance source",
            "  daemon # x",
        ),
        *(
            "  option forceclose",
            "  clitimeout 5000",
            "\tblock if FALSE",
            "  reqideny ^x",
            '  "a',
            "  monitor-net 10.0.0.0/8",
        ),
        *(
            "  nbproc 2",
            "  redispatch",
            "  log-format %ci",
            "  maxconn 10",
            "# note",
            "  acl x path /x",
            "  use_backend b",
        ),
    ]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(LINES, max_size=12), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_of_files_of_haproxy(lines: list[str], newline: str, ends: bool) -> None:
    text = newline.join(lines) + (newline if ends else "")
    with TemporaryDirectory() as place:
        path = Path(place, "haproxy.cfg")
        path.write_text(text, newline="")
        done = lint_and_fix(lambda: lint([str(path)], Options(groups=())), unsafe=True)
    assert [each.message for each in done.linted.findings if each.rule == "internal-error"] == []
    made = done.after.get(str(path), text)
    # What is no directive stays, line for line.
    assert [line for line in made.split(newline) if line in {"# note", "frontend a"}] == [
        line for line in lines if line in {"# note", "frontend a"}
    ]
