"""kubectl works through every definition: what it reads, what it streams, and what it keeps open in silence."""

from __future__ import annotations

import re
import socket
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

from integration.kubernetes.conftest import ALL, configuration, definition, exposed

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from integration.kubernetes.apiserver import ApiServer
    from integration.kubernetes.conftest import Kubectl
    from lbgen.testing import Authority, Haproxy


def test_it_reads(kubectl: Kubectl) -> None:
    out, err, status = kubectl("version", "-o", "json")
    assert ('"gitVersion": "v1.20.2"' in out, status) == (True, 0), err

    out, err, status = kubectl("get", "--raw", "/who-am-i")
    assert ('"user": "jane"' in out, status) == (True, 0), err

    out, err, status = kubectl("get", "pods", "-o", "name")
    assert (out, status) == ("pod/web\n", 0), err


def test_it_tells_about_the_cluster(kubectl: Kubectl) -> None:
    out, err, status = kubectl("cluster-info")
    plain = re.sub(r"\x1b\[[0-9;]*m", "", out)

    assert re.search(
        r"CoreDNS is running at https://localhost:\d+/api/v1/namespaces/kube-system/services/kube-dns", plain
    )
    assert status == 0, err


def test_a_command_in_a_pod_has_its_input_and_output(kubectl: Kubectl) -> None:
    sent = b"".join(b"line %d\n" % number for number in range(5000))
    out, err, status = kubectl("exec", "-i", "web", "--", "cat", stdin=sent)

    assert (out.encode() == sent, status) == (True, 0), err


def test_a_command_in_a_pod_has_its_status(kubectl: Kubectl) -> None:
    out, _, status = kubectl("exec", "web", "--", "fail", "now")

    assert (out, status) == ("fail now\n", 3)


def started(process: subprocess.Popen[bytes]) -> int:
    """The port that kubectl says it listens on."""
    assert process.stdout is not None
    line = process.stdout.readline().decode()
    found = re.search(r"127\.0\.0\.1:(\d+)", line)
    if found is None:
        process.kill()
        raise AssertionError(line + process.communicate()[1].decode())
    return int(found[1])


def test_a_port_of_a_pod_is_forwarded(kubectl: Kubectl) -> None:
    with kubectl.start("port-forward", "--address", "127.0.0.1", "pod/web", ":8080") as process:
        try:
            port = started(process)
            answers = [said_to(port, text) for text in (b"one", b"two")]
        finally:
            process.kill()

    assert answers == [b"8080 ONE", b"8080 TWO"]


def said_to(port: int, text: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), 30) as connection:
        connection.sendall(text)
        return b"".join(iter(lambda: connection.recv(4096), b""))


def test_it_is_a_proxy_of_its_own(kubectl: Kubectl) -> None:
    with kubectl.start("proxy", "--port", "0") as process:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{started(process)}/version", timeout=30) as answer:
                body = answer.read()
        finally:
            process.kill()

    assert b'"gitVersion": "v1.20.2"' in body


def test_websockets_pass(load_balancer: Haproxy) -> None:
    request = (
        b"GET /api/v1/namespaces/default/pods/web/exec HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
        b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with load_balancer.connect(6443, tls=True, server_name="localhost", timeout=30) as connection:
        connection.sendall(request)
        stream = connection.makefile("rb")
        head = list(iter(stream.readline, b"\r\n"))
        connection.sendall(
            bytes([0x82, 0x85, 1, 2, 3, 4]) + bytes(a ^ b for a, b in zip(b"hello", b"\1\2\3\4\1", strict=True))
        )
        frame = stream.read(7)

    assert head[0].startswith(b"HTTP/1.1 101 ")
    assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in b"".join(head)
    assert frame == b"\x82\x05hello"


# The pools as they are published keep what all pools have: half a minute.
CUT = {"pool", "pool of V1", "verifying pool"}


def test_streams_survive_a_minute_of_silence(
    tmp_path: Path, api: ApiServer, authority: Authority, kubectl_to: Callable[..., Kubectl]
) -> None:
    """All definitions side by side, since there is nothing to do but wait."""
    with ExitStack() as stack, ThreadPoolExecutor(2 * len(ALL)) as pool:
        running = {
            name: stack.enter_context(exposed(configuration(definition(name, tmp_path), api), authority))
            for name in ALL
        }
        tools = {name: kubectl_to(haproxy) for name, haproxy in running.items()}
        watches, logs = (
            {name: pool.submit(kubectl, *arguments, timeout=3 * api.silence) for name, kubectl in tools.items()}
            for arguments in (("get", "pods", "-w", "-o", "name"), ("logs", "-f", "web"))
        )
        seen = {name: "pod/web-after-silence" in each.result()[0] for name, each in watches.items()}
        heard = {name: "after the silence" in each.result()[0] for name, each in logs.items()}

    assert seen == heard == {name: name not in CUT for name in ALL}
