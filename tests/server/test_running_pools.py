"""What `--run` means, before anything is run."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.cli import running_pools
from lbgen.cli.running_pools import how_to_run, own_address
from lbgen.errors import ToolError, UsageError
from lbgen.server.running import Nobody

if TYPE_CHECKING:
    from pathlib import Path

GIVEN: dict[str, Any] = {
    "run_by": "auto",
    "dialect": "portable",
    "stats_socket": None,
    "public_addresses": (),
    "image": None,
    "haproxy_bin": None,
    "how": "auto",
    "target": "3.2",
    "lua_dir": None,
}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"run_by": None, "public_addresses": ("192.0.2.1",)}, "--public-address goes with --run"),
        ({"dialect": "edge-lb"}, "--run goes with --dialect portable"),
        ({"stats_socket": "/run/s"}, "--stats-socket does not go with --run"),
        ({"run_by": "process", "image": "haproxy"}, "--image does not go with --run process"),
        ({"run_by": "container", "haproxy_bin": "/x"}, "--haproxy-bin does not go with --run container"),
        ({"public_addresses": ("a b",)}, "--public-address: a b is no address"),
    ],
)
def test_what_does_not_go_together(tmp_path: Path, given: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        how_to_run({**GIVEN, **given}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_runs_by_itself(tmp_path: Path) -> None:
    assert isinstance(how_to_run({**GIVEN, "run_by": None}, tmp_path)(), Nobody)


@pytest.mark.parametrize(
    ("binary", "image", "kind"),
    [("/usr/sbin/haproxy", None, "process"), (None, None, "container"), ("/usr/sbin/haproxy", "mine", "container")],
)
def test_by_itself_a_process_where_there_is_haproxy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, binary: str | None, image: str | None, kind: str
) -> None:
    monkeypatch.setattr(running_pools, "find_binary", lambda _: binary)
    monkeypatch.setattr(running_pools, "engine_answers", lambda: True)
    seen: list[str] = []
    monkeypatch.setattr(running_pools, "_instances", lambda _given, _data, kind: seen.append(kind))
    how_to_run({**GIVEN, "image": image}, tmp_path)()
    assert seen == [kind]


def test_a_machine_that_has_neither(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(running_pools, "find_binary", lambda _: None)
    monkeypatch.setattr(running_pools, "engine_answers", lambda: False)
    with pytest.raises(ToolError, match="neither HAProxy nor a container engine"):
        how_to_run(GIVEN, tmp_path)


def test_a_binary_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="there is no HAProxy at /nowhere/haproxy"):
        how_to_run({**GIVEN, "run_by": "process", "haproxy_bin": "/nowhere/haproxy"}, tmp_path)()


def test_the_address_of_this_machine_is_one() -> None:
    assert not ip_address(own_address()).is_unspecified
