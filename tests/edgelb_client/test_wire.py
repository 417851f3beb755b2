"""What goes over the network: the token, and to whom; and what happens where there is no answer."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from lbgen.check.throwaway import Authority
from tests.edgelb_client.scripted import scripted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.cli.command import Ended
    from tests.edgelb_client.scripted import Scripted

    Run = Callable[..., Ended]


@contextmanager
def saying(*pieces: bytes) -> Iterator[str]:
    """The URL of somebody who says this, a piece at a time, and then hangs up when the block ends."""
    over = threading.Event()

    def say() -> None:
        connected, _ = listener.accept()
        with connected:
            connected.recv(65536)
            for piece in pieces:
                connected.sendall(piece)
            over.wait()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=say, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            over.set()
            thread.join()


class TestToken:
    def test_is_shown(self, edgelb: Run, server: Scripted) -> None:
        server.says_text("GET /ping", "pong")
        assert edgelb("ping", "--token", "abc.def").status == 0
        assert server.asked[0].authorization == "token=abc.def"

    def test_nobody_who_has_none_shows_one(
        self, edgelb: Run, server: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login ann password hunter2\n")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        server.says_text("GET /ping", "pong")
        edgelb("ping")
        assert server.asked[0].authorization is None

    def test_does_not_follow_a_redirect(self, edgelb: Run, server: Scripted) -> None:
        with scripted() as other:
            server.says_text("GET /ping", "", 302)
            server.location = f"{other.url}/ping"
            ended = edgelb("ping", "--token", "abc")
            assert other.asked == []
        assert ended.status == 2
        assert ended.err.startswith(f"lbgen: error: {server.url} redirects to {other.url}/ping\n")

    def test_is_in_no_message(self, edgelb: Run, server: Scripted) -> None:
        for status in (401, 403, 404, 500):
            server.says("GET /ping", {"code": status, "message": "no"}, status)
            ended = edgelb("-v", "ping", "--token", "hunter2")
            assert "hunter2" not in ended.out + ended.err
            assert f"lbgen: GET {server.url}/ping: {status}\n" in ended.err

    def test_of_the_command_counts_before_that_of_the_group_and_the_environment(
        self, edgelb: Run, server: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LBGEN_EDGELB_TOKEN", "environment")
        (tmp_path / "file").write_text("file\n")
        server.says_text("GET /ping", "pong")
        edgelb("ping")
        edgelb("--token", "group", "ping")
        edgelb("--token", "group", "ping", "--token-file", "file")
        assert [each.authorization for each in server.asked] == ["token=environment", "token=group", "token=file"]


def test_a_cluster_has_the_service_under_its_name(run: Run, server: Scripted) -> None:
    server.says_text("GET /service/lb/ping", "pong")
    assert run("edgelb", "--name", "lb", "ping", "--dcos-url", server.url).out == "pong\n"


def test_nobody_is_there(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    ended = run("edgelb", "ping", "--url", url)
    assert (ended.out, ended.status) == ("", 2)
    assert ended.err.startswith(f"lbgen: error: {url} refuses the connection\n")


def test_nobody_answers(run: Run) -> None:
    with saying() as url:
        ended = run("edgelb", "ping", "--url", url, "--timeout", "0.3")
    assert ended.status == 2
    assert ended.err in {
        f"lbgen: error: {url} falls silent\n",
        f"lbgen: error: {url} takes longer than 0.3 s\n",
    }


def test_an_answer_that_does_not_end(run: Run) -> None:
    with saying(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\n", b"po") as url:
        ended = run("edgelb", "ping", "--url", url, "--timeout", "0.3")
    assert (ended.out, ended.status) == ("", 2)
    assert ended.err.startswith(f"lbgen: error: {url} ")


def test_no_http(run: Run) -> None:
    with saying(b"SSH-2.0-OpenSSH_9.2\r\n\r\n\r\n") as url:
        ended = run("edgelb", "ping", "--url", url, "--timeout", "5")
    assert ended.status == 2
    assert ended.err.startswith(f"lbgen: error: {url} ")


def test_authorities_that_are_not_there(edgelb: Run) -> None:
    ended = edgelb("ping", "--ca-file", "none.pem")
    assert ended == ("", "lbgen: error: none.pem: there is no such file\n", 2)


class TestCertificates:
    @pytest.fixture
    def authority(self) -> Authority:
        return Authority.new()

    @pytest.fixture
    def secured(self, authority: Authority, tmp_path: Path) -> Iterator[Scripted]:
        certificate = tmp_path / "server.pem"
        certificate.write_bytes(authority.issue(["127.0.0.1"]))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        with scripted(context) as server:
            server.says_text("GET /ping", "pong")
            yield server

    def test_of_unknown_authorities_are_not_believed(self, run: Run, secured: Scripted) -> None:
        ended = run("edgelb", "ping", "--url", secured.url, "--token", "hunter2")
        assert (ended.out, ended.status, secured.asked) == ("", 2, [])
        assert ended.err.startswith(f"lbgen: error: {secured.url} has a certificate that does not pass: ")
        assert "= help: --ca-file names the authorities to believe" in ended.err

    def test_of_the_given_authorities_are(
        self, run: Run, secured: Scripted, authority: Authority, tmp_path: Path
    ) -> None:
        (tmp_path / "ca.pem").write_bytes(authority.pem)
        assert run("edgelb", "ping", "--url", secured.url, "--ca-file", "ca.pem") == ("pong\n", "", 0)

    def test_are_not_looked_at_where_that_is_switched_off(self, run: Run, secured: Scripted) -> None:
        assert run("edgelb", "--force-insecure", "ping", "--url", secured.url) == ("pong\n", "", 0)

    def test_authorities_that_are_none(self, run: Run, secured: Scripted, tmp_path: Path) -> None:
        (tmp_path / "ca.pem").write_text("nothing of the kind\n")
        ended = run("edgelb", "ping", "--url", secured.url, "--ca-file", "ca.pem")
        assert (ended.out, ended.status) == ("", 2)
        assert ended.err.startswith("lbgen: error: ")
