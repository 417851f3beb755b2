"""What is kept of servers across a reload: who is down, and nothing that somebody has set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lbgen.haproxy.parse import parse
from lbgen.live.haproxy import server_state
from lbgen.live.haproxy.rows import read_rows
from tests.live.haproxy.worker import Worker

if TYPE_CHECKING:
    from pathlib import Path

USED = "defaults\n  load-server-state-from-file global\n"
TEXT = (
    "backend w\n  server a 10.0.0.1:80 check\n  server b 10.0.0.2:80 check weight 3\n"
    "  server c 10.0.0.3:80\n  server d 10.0.0.4:80 check\n"
)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (f"global\n  server-state-file global\n  server-state-base /var/state/\n{USED}", "/var/state/global"),
        (f"global\n  server-state-base /var/state\n  server-state-file x/y\n{USED}", "/var/state/x/y"),
        (f"global\n  server-state-base /var/state\n  server-state-file /run/state\n{USED}", "/run/state"),
        ("global\n  server-state-file /run/state\ndefaults\n", None),
        (f"global\n{USED}", None),
        ("global\n  server-state-file /run/state\nbackend b\n  load-server-state-from-file local\n", None),
    ],
)
def test_the_file_that_haproxy_reads(text: str, path: str | None) -> None:
    assert server_state.state_file(parse(text)) == path


def kept(worker: Worker, text: str) -> dict[str, tuple[int, int, str]]:
    told = server_state.kept(worker.ask(["show servers state"])[0], text)
    assert told.startswith("1\n# be_id ")
    assert told.endswith("\n")
    return {row.name: (row.admin, row.weight, row.line.split()[5]) for row in read_rows(told)}


def test_who_is_down_stays_down() -> None:
    worker = Worker(TEXT)
    worker.servers["w", "a"]["srv_op_state"] = 0
    worker.servers["w", "b"]["srv_op_state"] = 2
    worker.servers["w", "c"]["srv_op_state"] = 0  # nobody would find out that it is up again
    worker.servers["w", "d"]["srv_op_state"] = 2
    assert kept(worker, TEXT) == {"a": (0, 1, "0")}


def test_what_was_set_by_command_is_not_kept() -> None:
    worker = Worker(TEXT)
    worker.ask(["set server w/a state maint", "set server w/b weight 9", "set server w/d state drain"])
    assert kept(worker, TEXT) == {"b": (0, 3, "0"), "d": (0, 1, "0")}


def test_in_no_time_where_nobody_is_down() -> None:
    worker = Worker(TEXT)
    for row in worker.servers.values():
        row["srv_op_state"] = 2
    assert kept(worker, TEXT) == {}


def test_servers_that_are_others_now_begin_anew() -> None:
    new = TEXT.replace("10.0.0.1:80", "10.0.0.1:81").replace("10.0.0.2:80 check", "10.0.0.2:80 check disabled")
    assert kept(Worker(TEXT), new.replace("server d", "server e")) == {}


def test_the_file_is_private_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "state" / "global"
    text = f"global\n  server-state-file {path}\n{USED}{TEXT}"
    for _ in range(2):
        server_state.save(Worker(TEXT), text)
        assert path.stat().st_mode & 0o777 == 0o600
        assert [each.name for each in path.parent.iterdir()] == ["global"]
    assert "10.0.0.1" in path.read_text()


def test_nothing_is_written_where_nobody_reads_it() -> None:
    server_state.save(Worker(TEXT), TEXT)


def test_an_answer_that_is_none(tmp_path: Path) -> None:
    worker = Worker(TEXT)
    worker.refuses = ("show",)
    with pytest.raises(ValueError, match=r"^No\.$"):
        server_state.save(worker, f"global\n  server-state-file {tmp_path / 'global'}\n{USED}{TEXT}")
    assert list(tmp_path.iterdir()) == []
