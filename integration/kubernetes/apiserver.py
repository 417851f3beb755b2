"""As much of a Kubernetes API server as kubectl needs to believe in it, with real TLS, tokens and upgrades."""

from __future__ import annotations

import base64
import hashlib
import json
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, urlsplit

from integration.kubernetes.spdy import Session, Stream

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

TOKENS = {"secret-of-jane": "jane"}
FRONT_PROXY = "aggregator"
POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "web", "namespace": "default", "uid": "1", "resourceVersion": "7"},
    "spec": {"containers": [{"name": "web", "image": "web"}]},
    "status": {"phase": "Running"},
}
LATER = {**POD, "metadata": {**POD["metadata"], "name": "web-after-silence", "resourceVersion": "8"}}  # type: ignore[dict-item]
RESOURCES = [
    {"name": name, "singularName": "", "namespaced": True, "kind": kind, "verbs": ["get", "list", "watch"]}
    for name, kind in (("pods", "Pod"), ("services", "Service"))
]
DOCUMENTS: dict[str, dict[str, Any]] = {
    "/version": {"major": "1", "minor": "20", "gitVersion": "v1.20.2", "goVersion": "go1", "platform": "linux/amd64"},
    "/api": {"kind": "APIVersions", "versions": ["v1"]},
    "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": []},
    "/api/v1": {"kind": "APIResourceList", "groupVersion": "v1", "resources": RESOURCES},
    "/api/v1/namespaces/default/pods": {
        "kind": "PodList",
        "apiVersion": "v1",
        "metadata": {"resourceVersion": "7"},
        "items": [POD],
    },
    "/api/v1/namespaces/default/pods/web": POD,
    "/api/v1/namespaces/kube-system/services": {
        "kind": "ServiceList",
        "apiVersion": "v1",
        "metadata": {},
        "items": [
            {
                "metadata": {
                    "name": "kube-dns",
                    "namespace": "kube-system",
                    "labels": {"kubernetes.io/cluster-service": "true", "kubernetes.io/name": "CoreDNS"},
                },
                "spec": {"ports": [{"name": "dns", "port": 53}]},
            }
        ],
    },
}


class ApiServer:
    """Listens on `port` of 127.0.0.1 within the block; `silence` is for how long streams say nothing, in seconds."""

    def __init__(self, directory: Path, certificate: bytes, client_ca: bytes, silence: float) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        for name, content in (("server.pem", certificate), ("clients.pem", client_ca)):
            (directory / name).write_bytes(content)
        context.load_cert_chain(directory / "server.pem")
        context.load_verify_locations(directory / "clients.pem")
        context.verify_mode = ssl.CERT_OPTIONAL
        self.silence = silence
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.api = self
        self._server.context = context
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        """Starts it."""
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        """Ends it; what is being answered is not waited for."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    api: ApiServer
    context: ssl.SSLContext
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def finish_request(self, request: Any, client_address: Any) -> None:
        # In the thread of the connection: a client that is slow to begin holds up nobody else.
        request.settimeout(150)
        try:
            secure = self.context.wrap_socket(request, server_side=True)
        except OSError:
            return
        try:
            super().finish_request(secure, client_address)
        except OSError:
            pass
        finally:
            secure.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients hang up as they like."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Keeps quiet."""

    def do_GET(self) -> None:
        """Reads objects, watches them, follows logs, and speaks WebSocket."""
        target = urlsplit(self.path)
        query = parse_qs(target.query)
        if target.path == "/api/v1/namespaces/default/pods" and "true" in query.get("watch", []):
            self._stream(b"", json.dumps({"type": "ADDED", "object": LATER}).encode() + b"\n")
        elif target.path == "/api/v1/namespaces/default/pods/web/log":
            self._stream(b"before the silence\n", b"after the silence\n")
        elif self.headers.get("Upgrade", "").lower() == "websocket":
            self._websocket()
        elif target.path in DOCUMENTS:
            self._json(DOCUMENTS[target.path])
        elif "/proxy/" in target.path or target.path.startswith(("/apis/", "/who-am-i")):
            self._json(self._request())
        else:
            self._json({"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 404}, 404)

    def do_POST(self) -> None:
        """Runs commands and forwards ports, by streams."""
        target = urlsplit(self.path)
        action = target.path.rpartition("/")[2]
        if self.headers.get("Upgrade", "").lower() == "spdy/3.1" and action in {"exec", "portforward"}:
            self._spdy(action, parse_qs(target.query))
        else:
            self._json({"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 400}, 400)

    def _request(self) -> dict[str, Any]:
        """What arrived, as it arrived, and who is taken to have sent it."""
        return {
            "target": self.path,
            "user": self._user(),
            "headers": {key.lower(): self.headers[key] for key in self.headers},
        }

    def _user(self) -> str:
        """As Kubernetes does: by certificate, else by token; X-Remote-User counts from the front proxy only."""
        shown = self.connection.getpeercert() or {}
        name = next((value for pair in shown.get("subject", ()) for key, value in pair if key == "commonName"), None)
        if name == FRONT_PROXY and "X-Remote-User" in self.headers:
            return self.headers["X-Remote-User"]
        if name is not None:
            return str(name)
        return TOKENS.get(self.headers.get("Authorization", "").removeprefix("Bearer "), "system:anonymous")

    def _json(self, value: Any, status: int = 200) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, before: bytes, after: bytes) -> None:
        """Sends the one, nothing for a while, and the other."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if before:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(before), before))
        time.sleep(self.server.api.silence)
        self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(after), after))

    def _upgrade(self, protocol: str, **more: str) -> None:
        self.send_response(101)
        self.send_header("Connection", "Upgrade")
        self.send_header("Upgrade", protocol)
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.flush()
        self.close_connection = True

    def _websocket(self) -> None:
        """Greets, and sends back what the client sends in one small frame."""
        key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        self._upgrade("websocket", Sec_WebSocket_Accept=accept)
        head = self.rfile.read(6)
        size, mask = head[1] & 0x7F, head[2:]
        payload = bytes(byte ^ mask[index % 4] for index, byte in enumerate(self.rfile.read(size)))
        self.wfile.write(bytes([0x82, len(payload)]) + payload)

    def _spdy(self, action: str, query: dict[str, list[str]]) -> None:
        offered = self.headers.get_all("X-Stream-Protocol-Version", [])
        wanted = "portforward.k8s.io" if action == "portforward" else "v4.channel.k8s.io"
        if not any(wanted in each for each in offered):
            self._json({"kind": "Status", "status": "Failure", "code": 403}, 403)
            return
        self._upgrade("SPDY/3.1", X_Stream_Protocol_Version=wanted)
        session = Session(self.rfile, self.wfile)  # type: ignore[arg-type]
        work = _forward if action == "portforward" else _execute
        threading.Thread(target=work, args=(session, query), daemon=True).start()
        session.run()


def _execute(session: Session, query: dict[str, list[str]]) -> None:
    """Runs the command: `cat` sends its input back, anything else prints itself and ends with status 3."""
    wanted = {"error", *(name for name in ("stdin", "stdout", "stderr") if query.get(name, [""])[0] in {"true", "1"})}
    streams: dict[str, Stream] = {}
    while set(streams) < wanted and (stream := session.opened.get()) is not None:
        streams[stream.headers["streamtype"]] = stream
    if set(streams) < wanted:
        return
    command = query["command"]
    if command == ["cat"]:
        for piece in streams["stdin"].received():
            streams["stdout"].send(piece)
        status: dict[str, Any] = {"metadata": {}, "status": "Success"}
    else:
        streams["stdout"].send(" ".join(command).encode() + b"\n")
        causes = [{"reason": "ExitCode", "message": "3"}]
        status = {"metadata": {}, "status": "Failure", "reason": "NonZeroExitCode", "details": {"causes": causes}}
    for name in ("stdout", "stderr"):
        if name in streams:
            streams[name].send(b"", last=True)
    streams["error"].send(json.dumps(status).encode(), last=True)


def _forward(session: Session, query: dict[str, list[str]]) -> None:  # noqa: ARG001 - ports come with the streams
    """Answers what comes through a forwarded port with the port, and what was sent in capitals."""
    errors: dict[str, Stream] = {}
    while (stream := session.opened.get()) is not None:
        if stream.headers["streamtype"] == "error":
            errors[stream.headers["requestid"]] = stream
        else:
            error = errors.pop(stream.headers["requestid"])
            threading.Thread(target=_shout, args=(stream, error), daemon=True).start()


def _shout(stream: Stream, error: Stream) -> None:
    first = next(stream.received(), b"")
    stream.send(stream.headers["port"].encode() + b" " + first.upper(), last=True)
    error.send(b"", last=True)
