"""The signal services of a live load balancer: they ask lbgen by its socket, fork nothing, and need no root."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from integration.templates.container import container
from integration.templates.text import LUA, fragment
from lbgen.live.endpoint import StatusServer
from lbgen.live.metrics import Metrics
from lbgen.live.state import State
from lbgen.live.status import Telling

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from integration.templates.container import Running


class Asked:
    """Notes what it was asked for."""

    def __init__(self) -> None:
        self.wishes: list[str] = []

    def update(self, reason: str) -> None:
        self.wishes.append(f"update for {reason}")

    def reload(self, reason: str) -> None:
        self.wishes.append(f"reload for {reason}")

    def stop(self) -> None:
        self.wishes.append("stop")


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    """Who listens on the socket /conf/status.sock."""
    tmp_path.chmod(0o755)
    telling = Telling(state=lambda: State(started=time.monotonic(), ready=True), processes=list)
    asked = Asked()
    server = StatusServer(telling, Metrics(telling), asked, tmp_path / "status.sock")
    (tmp_path / "status.sock").chmod(0o666)
    yield asked
    server.close()


@contextmanager
def serving(image: str, directory: Path, *, user: str, for_all: bool = False) -> Iterator[Running]:
    text = fragment("HEAD", lua_dir="/lua", status_socket="/conf/status.sock", signals_for_all=for_all)
    (directory / "haproxy.cfg").write_text(text)
    command = ["haproxy", "-W", "-f", "/conf/haproxy.cfg"]
    with container(image, command, {directory: "/conf", LUA: "/lua"}, user=user) as ran:
        ran.wait_until_healthy()
        yield ran


def from_within(ran: Running, path: str) -> str:
    """The answer to a request from the load balancer's own machine."""
    request = f"printf 'GET {path} HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3"
    return ran.execute(f"exec 3<>/dev/tcp/127.0.0.1/9090; {request}").replace("\r", "")


@pytest.mark.parametrize("user", ["0", "65534:65534"], ids=["root", "nobody"])
def test_signals_are_wishes(haproxy_image: str, tmp_path: Path, asked: Asked, user: str) -> None:
    with serving(haproxy_image, tmp_path, user=user) as ran:
        answer = from_within(ran, "/_mlb_signal/hup")
        assert answer.startswith("HTTP/1.0 200 ")
        assert answer.endswith("\n\nSent SIGHUP signal to marathon-lb")
        assert from_within(ran, "/_mlb_signal/usr1").endswith("\n\nSent SIGUSR1 signal to marathon-lb")
        assert asked.wishes == ["update for a request", "reload for a request"]
        # Whoever comes from elsewhere reads and asks for nothing.
        assert ran.answers("/_mlb_signal/hup", 9090) == 403
        assert str(ran.answers("/_haproxy_getconfig", 9090)).startswith("global\n")
        assert len(asked.wishes) == 2


def test_everybody_may_ask_where_that_is_wanted(haproxy_image: str, tmp_path: Path, asked: Asked) -> None:
    with serving(haproxy_image, tmp_path, user="65534:65534", for_all=True) as ran:
        assert ran.answers("/_mlb_signal/hup", 9090) == "Sent SIGHUP signal to marathon-lb"
        assert asked.wishes == ["update for a request"]


def test_without_lbgen_the_answer_is_that_of_the_product(haproxy_image: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with serving(haproxy_image, tmp_path, user="0", for_all=True) as ran:
        answer = ran.get("/_mlb_signal/usr1", 9090)
        assert (answer.status, answer.body) == (
            500,
            "Failed to send SIGUSR1 signal to marathon-lb (exit code 1). Is marathon-lb running in 'poll' mode?",
        )
