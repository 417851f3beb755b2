"""What is kept of servers across a reload: who is down. All else is as the file says.

HAProxy's own way keeps more than is good: a server that was drained at run time stays so whatever the new file says,
and of a server that has another port in the new file the old one is used.
"""

from __future__ import annotations

import os
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING

from lbgen.haproxy.parse import parse
from lbgen.live.haproxy.backends import backends
from lbgen.live.haproxy.rows import read_rows
from lbgen.live.haproxy.steps import is_at

if TYPE_CHECKING:
    from lbgen.haproxy.parse import Config, Section
    from lbgen.live.contract import Runtime
    from lbgen.live.haproxy.rows import Row
    from lbgen.live.haproxy.servers import Server

_DOWN = "0"


def keep(runtime: Runtime, config: Path) -> str:
    """Saves what the worker knows for the next one, which reads that file; says why, where that cannot be."""
    try:
        save(runtime, _text(config))
    except (OSError, ValueError) as error:
        return f"the state of the servers was not kept: {error}"
    return ""


def save(runtime: Runtime, text: str) -> None:
    """Writes what the worker knows of servers where the configuration has HAProxy read it, if it does.

    Raises OSError where that cannot be written or nobody answers, ValueError where it is no HAProxy; then nothing is
    kept, and nothing of before either.
    """
    path = state_file(parse(text))
    if path is None:
        return
    try:
        _write(Path(path), kept(runtime.ask(["show servers state"])[0], text))
    except (OSError, ValueError):
        _forget(text)
        raise


def forget(config: Path) -> None:
    """Removes what was kept for the configuration in this file, if any was; raises OSError where that cannot be."""
    _forget(_text(config))


def _forget(text: str) -> None:
    path = state_file(parse(text))
    if path is not None:
        Path(path).unlink(missing_ok=True)


def _text(config: Path) -> str:
    return config.read_text(encoding="utf-8", errors="replace")


def state_file(config: Config) -> str | None:
    """The file that HAProxy reads the state of all servers from, None where it reads none."""
    settings = [section for section in config.sections if section.kind == "global"]
    file, base = _last(settings, "server-state-file"), _last(settings, "server-state-base")
    used = any(
        directive.values[:1] == ("global",)
        for section in config.sections
        for directive in section.named("load-server-state-from-file")
    )
    return posixpath.join(base or "", file) if used and file else None


def _last(sections: list[Section], keyword: str) -> str | None:
    values = [directive.values for section in sections for directive in section.named(keyword)]
    return values[-1][0] if values and values[-1] else None


def kept(told: str, text: str) -> str:
    """What a new worker shall know of what an old one told, given its configuration: who is down.

    Everybody else is up until a check finds out, as after any start.
    """
    head = next((line for line in told.splitlines() if line.startswith("# be_id ")), "")
    columns = head[2:].split()
    state = columns.index("srv_op_state") if head else 0
    down = [row for row in read_rows(told) if not row.in_maintenance and row.line.split()[state] == _DOWN]
    wanted = backends(text, {row.backend for row in down})
    servers = {(backend.name, name): server for backend in wanted for name, server in backend.servers.items()}
    rows = (_cells(row, columns) for row in down if _still_true(row, servers.get((row.backend, row.name))))
    return "\n".join(["1", head, *(" ".join(cells) for cells in rows), ""])


def _still_true(row: Row, server: Server | None) -> bool:
    """Whether the row says something of a server as it will be; without a check nobody would find a dead one alive."""
    return server is not None and server.checked and not server.disabled and is_at(row, server)


def _cells(row: Row, columns: list[str]) -> list[str]:
    """The row without what somebody has set."""
    cells = row.line.split()
    cells[columns.index("srv_admin_state")] = "0"
    cells[columns.index("srv_uweight")] = cells[columns.index("srv_iweight")]
    return cells


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Whoever stops half way leaves the old file as it is.
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.touch(mode=0o600)
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
