"""Inputs and findings about them, and what a reporter writes of them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from lbgen.finding import ConfigLine, Edit, Finding, Fix, RulePage, Severity, Suppressed
from lbgen.origin import Origin, Position
from lbgen.report import write
from lbgen.source import Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

PROXY = Document(
    "kubectl-proxy.json",
    """\
{
  "id": "/kubectl-proxy",
  "labels": {
    "HAPROXY_GROUP": "external",
    "HAPROXY_0_BACKEND_SERVER_OPTIONS": "  timeout connect 10s\\n  timeout client 86400s\\n  timeout tunnel 86400s\\n"
  }
}
""",
    b"",
    "json",
)
WEB = Document("web.json", '{"id": "/web",\n "labels": {"HAPROXY_0_PORT": "https"}}\n', b"", "json")
DOCUMENTS = {document.name: document for document in (PROXY, WEB)}

OPTIONS = Origin("kubectl-proxy.json", "/labels/HAPROXY_0_BACKEND_SERVER_OPTIONS", "/kubectl-proxy")
WRONG_SECTION = Finding(
    "directive-wrong-section",
    Severity.WARNING,
    "'timeout client' has no effect in a backend",
    OPTIONS.narrowed(22, 45),
    ConfigLine("haproxy.cfg", 112, "backend kubectl-proxy_6443", "  timeout client 86400s"),
    "the frontend's own timeout applies; drop the line, or set it in HAPROXY_0_FRONTEND_HEAD",
)
NOT_A_PORT = Finding(
    "bad-label-value",
    Severity.ERROR,
    "expected a port from 1 to 65535, found 'https'",
    Origin("web.json", "/labels/HAPROXY_0_PORT", "/web"),
    related=(Origin("kubectl-proxy.json", "/id", "/kubectl-proxy"),),
)
NO_JSON = Finding(
    "bad-input",
    Severity.ERROR,
    "expected a value, found 'None'",
    Origin("broken.json", position=Position(3, 7)),
    help="JSON writes null",
)
NOT_THERE = Finding("bad-input", Severity.ERROR, "there is no such file", Origin("no.json"))
HAND_WRITTEN = Finding(
    "unknown-directive",
    Severity.ERROR,
    "unknown keyword 'blance' in 'backend' section",
    config=ConfigLine("old.cfg", 7, "backend web", "\tblance roundrobin"),
    annotated_app="/web",
    annotated_label="HAPROXY_0_BALANCE",
)
NO_LINE = Finding("no-bind", Severity.WARNING, "nothing to listen on", config=ConfigLine("old.cfg", 0, "frontend web"))
NO_PLACE = Finding("no-resolver", Severity.INFO, "names are not resolved by this check")

FIXABLE = Finding(
    "bad-label-value",
    Severity.ERROR,
    "expected a port from 1 to 65535, found 'https'",
    Origin("web.json", "/labels/HAPROXY_0_PORT", "/web"),
    fix=Fix('write "443"', (Edit("web.json", "443", "/labels/HAPROXY_0_PORT"),), safe=False),
)

FINDINGS = (NO_PLACE, NO_LINE, HAND_WRITTEN, NOT_THERE, NO_JSON, NOT_A_PORT, WRONG_SECTION)


def written(
    findings: Iterable[Finding] = FINDINGS,
    format: str = "text",
    *,
    documents: Iterable[Document] = DOCUMENTS.values(),
    color: bool = False,
    base: Path | None = None,
    rules: Mapping[str, RulePage] | None = None,
    links: bool = False,
    suppressed: Sequence[Suppressed] = (),
) -> str:
    stream = io.StringIO()
    write(
        findings,
        {each.name: each for each in documents},
        stream,
        format=format,
        color=color,
        base=base,
        rules=rules,
        links=links,
        suppressed=suppressed,
    )
    return stream.getvalue()


def document(text: str, name: str = "app.json") -> Document:
    return Document(name, text, text.encode(), "json")
