"""What `lbgen edgelb create` and `update` share: the pool is read, judged and told of, and then sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lbgen.cli.options import stdin_filename, telling
from lbgen.cli.streams import put, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lbgen.edgelb_client.reading import Given

    Send = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]

F = TypeVar("F", bound="Callable[..., Any]")

EPILOG = """Exit status: 0 done, 1 the pool is at fault or the server refuses it, 2 there is no such file or no answer.

FILE is JSON, or YAML where it is called .yaml or .yml; - is standard input. It holds one pool, bare or in a list
"pools". A pool of V1 goes to /v1/loadbalancers, one of V2 to /v2/pools; where apiVersion is missing, a pool that has
"servers", or stands in "pools", is of V1, and that is told. Before anything is sent, lbgen reads the pool as `lbgen
haproxy from-pool` does: what is wrong is told with line and column, and errors keep it from being sent."""


def sending(function: F) -> F:
    """The arguments and options of a pool that is sent."""
    for option in (
        telling,
        stdin_filename,
        click.option("--no-check", is_flag=True, help="Send the pool as it is, whatever is wrong with it."),
        click.option("--json", "as_json", is_flag=True, help="Print the pool as the server answers with it."),
        click.argument("file", metavar="FILE"),
    ):
        function = option(function)
    return function


def send(file: str, given: Mapping[str, Any], by: Send, done: str) -> int:
    """Reads the file, sends its pool, and tells what was `done`."""
    from lbgen.edgelb_client.reading import read_given

    found = read_given(file, given["stdin_filename"])
    status = _judge(found, given)
    if status or found.pool is None:
        return status
    answer = by(found.version, found.pool)
    put(_as_json(answer) if given["as_json"] else _sentence(done, _name(answer, found.pool)))
    return 0


def _judge(found: Given, given: Mapping[str, Any]) -> int:
    """Tells of the pool; 0 where it is to be sent."""
    from lbgen.cli.telling import tell

    if not given["no_check"] or found.pool is None:
        tell(found.inputs.findings, found.inputs.documents, given)
        if found.pool is None:
            return 2
        if found.faulty:
            say("lbgen: nothing is sent: the pool is at fault; --no-check sends it all the same")
            return 1
    elif found.guessed:
        say(f'lbgen: "apiVersion" is missing; the pool is sent as {found.version}')
    return 0


def _sentence(done: str, name: str) -> str:
    where = f'"lbgen edgelb show {name}" or "lbgen edgelb status {name}"'
    return f"Successfully {done} {name}. Check {where} for deployment status\n"


def _name(*pools: Mapping[str, Any]) -> str:
    from lbgen.report.visible import visible

    return visible(next((pool["name"] for pool in pools if isinstance(pool.get("name"), str)), "the pool"))


def _as_json(value: object) -> str:
    return json.dumps(value, indent=2) + "\n"
