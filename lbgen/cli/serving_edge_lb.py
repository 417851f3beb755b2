"""What `lbgen serve edge-lb` does with its options."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lbgen.cli.options import checking_of
from lbgen.cli.pool_options import pool_options
from lbgen.cli.running_pools import how_to_run
from lbgen.cli.streams import say
from lbgen.edgelb.checks.texts import is_host
from lbgen.errors import ToolError, UsageError
from lbgen.server.http.app import Api
from lbgen.server.http.guard import Guard
from lbgen.server.http.serving import is_loopback, listening, serve, url
from lbgen.server.server import Server
from lbgen.server.tasks import Fetched, Files, of_marathon, of_mesos
from lbgen.server.trying import Trial

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.server.tasks import Source

_SHORTEST_TOKEN = 8


def run(given: Mapping[str, Any]) -> int:
    """Serves until it is told to end; raises UsageError and ToolError where it cannot."""
    _set_up_logs(given["log_format"])
    host, port = address(given["listen"])
    guard = _guard(given, host)
    prefix = _prefix(given["prefix"])
    data = _data(given["data"])
    options = pool_options(given)
    run_by = how_to_run(given, data)
    trial = Trial(checking_of(given), given["target"], given["check_timeout"])
    source = _source(given, data)
    with listening(host, port) as listener:
        server = Server(data, source, run_by(), options, poll=given["poll"], trial=trial)
        try:
            server.start()
            api = Api(server, guard, prefix)
            serve(api, listener, lambda: say(f"lbgen: Edge-LB's API is on {url(listener)}, pools are kept in {data}"))
        finally:
            server.close()
    return 0


def address(text: str) -> tuple[str, int]:
    """Host and port of an option; raises UsageError where it is none."""
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not is_host(host) or not port.isdecimal() or len(port) > 5 or int(port) > 65535:
        raise UsageError(f"--listen: {text} is no address and port, such as 127.0.0.1:5555")
    return host, int(port)


def _guard(given: Mapping[str, Any], host: str) -> Guard:
    token = None if given["token_file"] is None else first_line(given["token_file"], "--token-file")
    if token is None and not given["no_token_needed"] and not is_loopback(host):
        help_ = "give --token-file; --no-token-needed says that everybody may change everything"
        raise UsageError(f"--listen: {host} is reached from other machines, and there is no token", help=help_)
    names = frozenset(name.lower() for name in (*given["host_names"], host))
    return Guard(token=token, hosts=names, most_bytes=given["max_body"])


def first_line(path: Path, option: str) -> str:
    """The token in the file; raises UsageError where there is none that is worth the name."""
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not ASCII"
        raise UsageError(f"{option}: {path} cannot be read: {reason}") from None
    token = text.partition("\n")[0].strip()
    if len(token) < _SHORTEST_TOKEN or not token.isprintable():
        raise UsageError(f"{option}: the first line of {path} is no token: at least {_SHORTEST_TOKEN} characters")
    return token


def _prefix(text: str) -> str:
    if text.strip("/") and not text.startswith("/"):
        raise UsageError(f"--prefix: {text} does not begin with a slash")
    return text.rstrip("/")


def _data(given: Path | None) -> Path:
    if given is not None:
        return given.absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/lbgen/edge-lb")
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "lbgen" / "edge-lb"


def _source(given: Mapping[str, Any], data: Path) -> Source:
    chosen = [name for name in ("tasks", "marathon", "mesos") if given[name]]
    if len(chosen) > 1:
        raise UsageError(f"{' and '.join(f'--{name}' for name in chosen)}: tasks come from one of them")
    if not given["marathon"] and not given["mesos"]:
        return Files([path.absolute() for path in given["tasks"]])
    where = given["marathon"] or given["mesos"]
    if not where.startswith(("http://", "https://")):
        raise UsageError(f"--{chosen[0]}: {where:.100} is no URL, such as http://master.mesos:8080")
    headers = {}
    if given["tasks_token_file"] is not None:
        headers["Authorization"] = f"token={first_line(given['tasks_token_file'], '--tasks-token-file')}"
    urls = of_marathon(where) if given["marathon"] else of_mesos(where)
    return Fetched(urls, data / "tasks", headers)


def _set_up_logs(form: str) -> None:
    # What hides secrets in logs and repeats nothing is the same for all that goes on running.
    from lbgen.live.logs import set_up

    try:
        set_up(form)
    except OSError as error:
        raise ToolError(f"cannot write a log: {error.strerror}") from None
    # What a HAProxy does is told of its pool.
    for name in ("alembic", "uvicorn", "lbgen.live"):
        logging.getLogger(name).setLevel(logging.WARNING)
