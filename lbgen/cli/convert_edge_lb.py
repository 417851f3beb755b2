"""`lbgen convert edge-lb`: the way over from Marathon-LB."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import click

from lbgen.cli.balancer import ssl_certs
from lbgen.cli.options import stdin_filename, telling
from lbgen.cli.streams import put
from lbgen.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.convert.converting import Converted
    from lbgen.convert.doors import ConvertOptions
    from lbgen.pipeline import Inputs

_EPILOG = """Exit status: 0 everything goes over, 1 an app was left out or lost a port, 2 nothing goes over.

FILE is an app, a list of apps, a group, or a reply of GET /v2/apps; a directory is read whole; - is standard input.
Labels come back in the documents that were given; a pool is made for each load-balancer group. What becomes different
is told on standard error: an app of which nothing is said there answers the same requests alike."""


@click.command(epilog=_EPILOG)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--to",
    type=click.Choice(["labels", "pool"]),
    default="labels",
    show_default=True,
    help="edgelb.* labels beside the others, or a pool.",
)
@click.option("--group", "groups", multiple=True, help="Convert apps of this group; * for all.  [default: any group]")
@click.option("--name", metavar="NAME", help="Name of the template, or of the pool.  [default: the group's]")
@click.option(
    "--frontends",
    default="http,https,service",
    show_default=True,
    metavar="LIST",
    help="What is kept: port 80, port 443, service ports.",
)
@ssl_certs(metavar="FILE,...")
@click.option(
    "--certificate",
    "certificates",
    multiple=True,
    metavar="FILE=SECRET",
    help="The secret, or $AUTOCERT, in place of a file. Repeatable.  [default: /etc/ssl/cert.pem=$AUTOCERT]",
)
@click.option("--drop-haproxy-labels", is_flag=True, help="Take Marathon-LB's labels away from what goes over.")
@click.option("--lossy", is_flag=True, help="Convert even what loses protection, or leads elsewhere.")
@click.option("-o", "--output", metavar="FILE|DIR/", help="Write here; into a directory, one file a document or pool.")
@stdin_filename
@telling
def command(files: tuple[str, ...], output: str | None, **given: Any) -> int:
    """Turn Marathon-LB's labels into Edge-LB's, or into a pool."""
    from lbgen.cli.telling import tell
    from lbgen.pipeline import read_inputs
    from lbgen.pipeline.convert import to_edge_lb

    options = _options(given)
    inputs = read_inputs(files, stdin_name=given["stdin_filename"])
    converted = to_edge_lb(inputs, options)
    tell([*inputs.findings, *converted.findings], inputs.documents, given)
    texts = _texts(inputs, converted, drop=given["drop_haproxy_labels"])
    if not texts:
        return 2
    _write(texts, output)
    return 1 if converted.left_out or inputs.left_out else 0


def _options(given: Mapping[str, Any]) -> ConvertOptions:
    from lbgen.convert.doors import AUTO_CERTIFICATE, DOORS, MARATHON_LB_CERTIFICATE, ConvertOptions

    doors = frozenset(word.strip() for word in given["frontends"].split(",") if word.strip())
    if not doors or doors - set(DOORS):
        raise UsageError(f"--frontends {given['frontends']}: there are {', '.join(DOORS)}")
    certificates = {MARATHON_LB_CERTIFICATE: AUTO_CERTIFICATE}
    for text in given["certificates"]:
        file, found, secret = text.partition("=")
        if not found or not file or not secret:
            raise UsageError(f"--certificate {text}: should be FILE=SECRET")
        certificates[file] = secret
    return ConvertOptions(
        to=given["to"],
        groups=given["groups"],
        name=given["name"],
        doors=doors,
        certificates=certificates,
        ssl_certs=tuple(given["ssl_certs"].split(",")),
        lossy=given["lossy"],
    )


def _texts(inputs: Inputs, converted: Converted, *, drop: bool) -> dict[str, str]:
    """What is written, by name: documents with new labels, or pools."""
    from lbgen.cli.convert_auto_pools import as_json
    from lbgen.pipeline.convert import labelled_documents

    if converted.pools:
        return {f"{pool.name}.json": as_json(pool.value) for pool in converted.pools}
    return labelled_documents(inputs, converted, drop=drop)


def _write(texts: Mapping[str, str], output: str | None) -> None:
    from lbgen.cli.placing import write_each

    if output is not None:
        write_each(_by_file_name(texts), output)
        return
    if len(texts) > 1:
        raise UsageError(f"there are {len(texts)} files to write: {', '.join(texts)}; name a directory, as -o DIR/")
    put("".join(texts.values()))


def _by_file_name(texts: Mapping[str, str]) -> dict[str, str]:
    named = {PurePath(name).name: text for name, text in texts.items()}
    if len(named) < len(texts):
        raise UsageError("two of the files have the same name, and cannot be in one directory")
    return named
