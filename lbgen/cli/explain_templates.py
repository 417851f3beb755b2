"""`lbgen explain-templates`: which templates apps are written with, and where each comes from."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lbgen.cli.options import stdin_filename, telling
from lbgen.cli.streams import put
from lbgen.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.marathon.unused_templates import Unused
    from lbgen.pipeline.explaining import Explained, ServiceTemplates, Written
    from lbgen.pipeline.options import Options

_EPILOG = """Exit status: 0 everything is explained, 1 some of it is not, 2 nothing is.

FILE is an app, a list of apps, a group, or a reply of GET /v2/apps; a directory is read whole; - is standard input."""


@click.command(epilog=_EPILOG)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--dialect", type=click.Choice(["portable", "marathon-lb"]), default="portable", show_default=True)
@click.option("--haproxy-map", is_flag=True, help="With map files for plain vhosts.")
@click.option("--group-https-by-vhost", is_flag=True, help="With one frontend for each vhost behind port 443.")
@click.option("--dont-bind-http-https", is_flag=True, help="Without ports 80 and 443.")
@click.option(
    "--templates",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Templates HAPROXY_<NAME>.  [default: templates, if there]",
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@stdin_filename
@telling
def command(files: tuple[str, ...], format_: str, **given: Any) -> int:
    """Show which templates each service of an app is written with, and which labels replace none."""
    from lbgen.cli.telling import tell
    from lbgen.pipeline import read_inputs
    from lbgen.pipeline.explaining import explain

    inputs = read_inputs(files, stdin_name=given["stdin_filename"])
    explained = explain(inputs.apps, _options(given))
    # What labels say in vain is a part of the explanation.
    findings = [finding for finding in inputs.findings if finding.rule != "template-unused"]
    tell([*findings, *explained.findings], inputs.documents, given)
    if not explained.apps:
        return 2
    put(_as_json(explained) if format_ == "json" else "\n".join(_as_text(explained)))
    return 1 if inputs.left_out or explained.findings else 0


def _options(given: dict[str, Any]) -> Options:
    from lbgen.pipeline.options import Options

    templates = given["templates"]
    if templates is not None and not templates.is_dir():
        raise UsageError(f"--templates: {templates} is no directory")
    return Options(
        dialect=given["dialect"],
        haproxy_map=given["haproxy_map"],
        bind_http_https=not given["dont_bind_http_https"],
        group_https_by_vhost=given["group_https_by_vhost"],
        templates=templates or Path("templates"),
        environ=os.environ,
    )


def _as_text(explained: Explained) -> Iterator[str]:
    """An app in lines, an empty one behind each."""
    from lbgen.report.visible import visible

    for app_id, services in explained.apps.items():
        yield visible(app_id)
        if not services:
            yield "  no service port"
        for each in services:
            yield f"  {visible(_heading(each))}"
            yield from (f"    {line}" for line in _rows(each.written))
            if each.unused:
                yield "    not used:"
            yield from (f"      {visible(label)}: {visible(_reason(why))}" for label, why in each.unused.items())
        yield ""


def _heading(each: ServiceTemplates) -> str:
    service = each.service
    port = f"service port {service.port}, backend {each.backend}" if each.backend else "service port yet to be chosen"
    return f"port index {service.index}, {port}{'' if service.enabled is not False else ', not enabled'}"


def _rows(written: tuple[Written, ...]) -> Iterator[str]:
    from lbgen.report.visible import visible

    width = max(len(row.template) for row in written)
    for row in written:
        yield f"{row.place:8}  {row.template:{width}}  {visible(_origin(row))}"


def _origin(row: Written) -> str:
    return f"label {row.label}" if row.label else row.source or "built in"


def _reason(why: Unused) -> str:
    used = " and ".join(filter(None, (", ".join(why.instead[:-1]), *why.instead[-1:])))
    return f"{why.reason}; in use: {used}" if used else why.reason


def _as_json(explained: Explained) -> str:
    apps = [
        {"id": app_id, "services": [_service(each) for each in services]} for app_id, services in explained.apps.items()
    ]
    return json.dumps({"version": 1, "apps": apps}, indent=2, ensure_ascii=False) + "\n"


def _service(each: ServiceTemplates) -> dict[str, Any]:
    return {
        "index": each.service.index,
        "port": each.service.port,
        "backend": each.backend or None,
        "templates": [
            {
                "place": row.place,
                "template": row.template,
                "from": "label" if row.label else "operator" if row.source else "built in",
                "name": row.label or row.source or None,
            }
            for row in each.written
        ],
        "unused": [
            {"label": label, "reason": why.reason, "instead": list(why.instead)} for label, why in each.unused.items()
        ],
    }
