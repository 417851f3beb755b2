"""The endpoint: who may read, who may ask for what, and what happens to the socket."""

from __future__ import annotations

import http.client
import os
import socket
import stat
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lbgen.errors import ToolError, UsageError
from lbgen.live.asking_status import _to_socket, ask
from lbgen.live.endpoint import SOCKET, StatusServer
from lbgen.live.metrics import Metrics
from lbgen.live.surroundings import address
from tests.live.surroundings.states import telling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.live.status import Telling


class Asked:
    def __init__(self) -> None:
        self.wishes: list[str] = []

    def update(self, reason: str) -> None:
        self.wishes.append(f"update: {reason}")

    def reload(self, reason: str) -> None:
        self.wishes.append(f"reload: {reason}")

    def stop(self) -> None:
        self.wishes.append("stop")


@pytest.fixture
def directory() -> Iterator[Path]:
    # The path of a socket is short.
    with tempfile.TemporaryDirectory(dir="/tmp") as made:
        yield Path(made)


@contextmanager
def served(
    directory: Path, asked: Asked, what: Telling | None = None, listen: tuple[str, int] | None = None
) -> Iterator[StatusServer]:
    found = what or telling()
    server = StatusServer(found, Metrics(found), asked, directory / SOCKET, listen)
    try:
        yield server
    finally:
        server.close()


def answer(connection: http.client.HTTPConnection, method: str, path: str) -> tuple[int, str]:
    with closing(connection):
        connection.request(method, path)
        got = connection.getresponse()
        return got.status, got.read().decode()


def test_status_is_told_through_the_socket(directory: Path) -> None:
    with served(directory, Asked()):
        found = ask(directory)
    assert found["healthy"]
    assert found["served"] == 41


def test_the_socket_is_for_its_owner_and_goes_with_the_server(directory: Path) -> None:
    with served(directory, Asked()):
        mode = (directory / SOCKET).stat().st_mode
        assert stat.S_ISSOCK(mode)
        assert stat.S_IMODE(mode) == 0o600
    assert not (directory / SOCKET).exists()


def test_wishes_are_taken_through_the_socket_alone(directory: Path) -> None:
    asked = Asked()
    with served(directory, asked, listen=("127.0.0.1", 0)) as server:
        assert server.port is not None
        there = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        assert answer(there, "POST", "/control/update")[0] == 403
        assert asked.wishes == []
        assert answer(_to_socket(directory / SOCKET), "POST", "/control/update") == (200, "ok\n")
        assert answer(_to_socket(directory / SOCKET), "POST", "/control/reload") == (200, "ok\n")
        assert answer(_to_socket(directory / SOCKET), "POST", "/control/stop")[0] == 403
    assert asked.wishes == ["update: a request", "reload: a request"]


def test_a_port_is_for_reading(directory: Path) -> None:
    with served(directory, Asked(), listen=("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.port}"
        assert ask(url)["served"] == 41
        assert server.port is not None
        read = {
            path: answer(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10), "GET", path)
            for path in ("/metrics", "/healthz", "/status?x=1", "/else")
        }
    assert read["/metrics"][0] == 200
    assert "lbgen_apps_served 41.0\n" in read["/metrics"][1]
    assert read["/healthz"] == (200, "ok\n")
    assert read["/status?x=1"][0] == 200
    assert read["/else"][0] == 404


def test_who_does_not_serve_is_not_healthy(directory: Path) -> None:
    with served(directory, Asked(), telling(ready=False)):
        assert answer(_to_socket(directory / SOCKET), "GET", "/healthz")[0] == 503


def test_what_a_killed_run_left_is_replaced(directory: Path) -> None:
    with served(directory, Asked()) as server:
        left = server.path.with_name("left")
        os.link(server.path, left)
    left.rename(directory / SOCKET)
    with served(directory, Asked()):
        assert ask(directory)["healthy"]


def test_two_do_not_share_a_directory(directory: Path) -> None:
    with served(directory, Asked()), pytest.raises(ToolError, match="another lbgen runs"), served(directory, Asked()):
        pass


def test_a_path_that_no_socket_can_have_is_an_error(directory: Path) -> None:
    with pytest.raises(ToolError, match="100 bytes"), served(directory / ("x" * 100), Asked()):
        pass


def test_a_directory_that_cannot_be_made_is_an_error() -> None:
    with pytest.raises(ToolError, match="cannot make /proc/nowhere"), served(Path("/proc/nowhere"), Asked()):
        pass


def test_a_port_that_is_taken_is_an_error_and_leaves_no_socket(directory: Path) -> None:
    (directory / "a").mkdir()
    with served(directory / "a", Asked(), listen=("127.0.0.1", 0)) as first:
        assert first.port is not None
        with (
            pytest.raises(ToolError, match="cannot listen"),
            served(directory, Asked(), None, ("127.0.0.1", first.port)),
        ):
            pass
    assert not (directory / SOCKET).exists()


def test_nobody_there_is_an_error(directory: Path) -> None:
    with pytest.raises(ToolError, match="no load balancer answers"):
        ask(directory)


@pytest.mark.parametrize("url", ["", "one", "ftp://one", "http://", "http://[", "http://one:x"])
def test_what_is_no_url_is_an_error(url: str) -> None:
    with pytest.raises(UsageError, match="--url"):
        ask(url)


def test_addresses_are_host_and_port() -> None:
    assert address(None) is None
    assert address("127.0.0.1:9095") == ("127.0.0.1", 9095)
    assert address(":9095") == ("127.0.0.1", 9095)
    assert address("[::1]:9095") == ("::1", 9095)
    for text in ("", "9095", "one:", "one:x", "one:70000"):
        with pytest.raises(UsageError, match="--status-listen"):
            address(text)


@pytest.mark.skipif(not Path("/proc/net/if_inet6").exists(), reason="this machine has no IPv6")
def test_an_address_may_have_colons(directory: Path) -> None:
    with served(directory, Asked(), listen=("::1", 0)) as server:
        assert ask(f"http://[::1]:{server.port}")["served"] == 41


def test_nobody_is_asked_for_the_name_of_the_address(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(_: str = "") -> str:
        raise AssertionError("this may take long")

    monkeypatch.setattr(socket, "getfqdn", asked)
    with served(directory, Asked(), listen=("127.0.0.1", 0)) as server:
        assert ask(f"http://127.0.0.1:{server.port}")["served"] == 41


def test_a_head_is_enough_for_who_looks_after_its_health(directory: Path) -> None:
    with served(directory, Asked()):
        assert answer(_to_socket(directory / SOCKET), "HEAD", "/healthz") == (200, "")
    with served(directory, Asked(), telling(ready=False)):
        assert answer(_to_socket(directory / SOCKET), "HEAD", "/healthz") == (503, "")
