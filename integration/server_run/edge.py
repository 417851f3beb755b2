"""A server that runs its pools, on ports that nobody else has, with servers that say who they are."""

from __future__ import annotations

import http.server
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from integration.live_haproxy.conftest import free_port, until
from integration.server.process import Process
from lbgen.control import master
from lbgen.server.instances.places import place_of
from tests.server.documents import app

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lbgen.server.instances.places import Place

HOST = "127.0.0.1"


class Worker:
    """A task that runs: a server whose every answer is its name."""

    def __init__(self, name: str) -> None:
        worker = self
        self.free = threading.Event()
        self.free.set()
        self.held = 0

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = name.encode()
                worker.held += 1
                worker.free.wait(60)
                worker.held -= 1
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_: object) -> None:
                """A load balancer may hang up."""

        self.name = name
        self._server = Server((HOST, 0), Handler)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def hold(self) -> None:
        """Has answers wait; `held` is how many do."""
        self.free.clear()

    def release(self) -> None:
        """Has them go."""
        self.free.set()

    def close(self) -> None:
        """Ends it."""
        self.release()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def pool(name: str, port: int, backend: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    """A pool of the tasks of `/web`, whose frontend is called `front`; the statistics have any port."""
    service = {"marathon": {"serviceID": "/web"}, "endpoint": {"portName": "web"}}
    front = {
        "name": "front",
        "bindAddress": HOST,
        "bindPort": port,
        "protocol": "HTTP",
        "linkBackend": {"defaultBackend": "web"},
    }
    haproxy = {
        "stats": {"bindAddress": HOST, "bindPort": 0},
        "frontends": [front],
        "backends": [{"name": "web", "protocol": "HTTP", "services": [service], **(backend or {})}],
    }
    return {"apiVersion": "V2", "name": name, "haproxy": haproxy, **members}


class Edge:
    """A directory, servers that are started on it, and what is asked of them."""

    def __init__(self, directory: Path, *options: str) -> None:
        self.directory = directory
        self.data = directory / "data"
        self.tasks = directory / "tasks.json"
        # Others run pools of the same names beside this, whose ports are sought in the same places.
        first = random.SystemRandom().randrange(10_000, 19_800)
        self._ports = ("--dynamic-ports", f"{first}-{first + 100}")
        self._options = options
        self._server: Process | None = None
        self.run()

    @property
    def server(self) -> Process:
        """The server that was started last."""
        assert self._server is not None
        return self._server

    def start(self, *instead: str) -> None:
        """Starts a server, with these options in place of the usual ones."""
        self._server = Process(
            self.data, "--tasks", str(self.tasks), "--poll", "0.2", *self._ports, *(instead or self._options)
        )

    def run(self, *workers: Worker) -> None:
        """Has the app `/web` have these tasks."""
        tasks = [app("/web", HOST, each.port) for each in workers]
        for each, worker in zip(tasks, workers, strict=True):
            each["tasks"][0]["id"] = f"web.{worker.name}"
        apps = [{**app("/web", HOST), "tasks": [task for each in tasks for task in each["tasks"]]}]
        beside = self.directory / "tasks.new"
        beside.write_text(json.dumps({"apps": apps}))
        beside.replace(self.tasks)

    def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> requests.Response:
        """The answer, which has to have this status."""
        reply = requests.request(method, f"{self.server.url}{path}", json=body, timeout=60)
        assert reply.status_code == status, reply.text
        return reply

    def tell(self, *words: str) -> subprocess.CompletedProcess[str]:
        """What the client does with these words."""
        environ = {key: value for key, value in os.environ.items() if not key.startswith("LBGEN_EDGELB_")}
        return subprocess.run(
            [sys.executable, "-m", "lbgen", "edgelb", *words],
            env={**environ, "LBGEN_EDGELB_URL": self.server.url},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def put(self, document: dict[str, Any]) -> None:
        """Changes a pool."""
        self.ask("PUT", f"/v2/pools/{document['name']}", document)

    def metadata(self, name: str) -> dict[str, Any]:
        """The metadata of a pool."""
        found: dict[str, Any] = self.ask("GET", f"/v2/pools/{name}/metadata").json()
        return found

    def status(self, name: str) -> dict[str, Any]:
        """How the pool is."""
        found: dict[str, Any] = self.metadata(name)["status"]
        return found

    def wait(self, name: str, state: str = "OK") -> dict[str, Any]:
        """How the pool is once it is in this state."""
        deadline = time.monotonic() + 120
        while (status := self.status(name))["state"] != state:
            assert time.monotonic() < deadline, f"{status}\n{self.server.log[-3000:]}"
            time.sleep(0.05)
        return status

    def create(self, document: dict[str, Any]) -> None:
        """Makes a pool, which then runs."""
        self.ask("POST", "/v2/pools", document)
        self.wait(document["name"])

    def place(self, name: str) -> Place:
        """Where the files of the pool's HAProxy are."""
        return place_of(self.data / "run", name)

    def worker(self, name: str) -> int:
        """The pid of the worker that takes the pool's connections, as its master calls it."""
        seen = master.processes(str(self.place(name).master))
        assert seen is not None
        assert seen.serving is not None
        return seen.serving

    def reloads(self, name: str) -> int:
        """How often the pool's HAProxy was reloaded."""
        seen = master.processes(str(self.place(name).master))
        assert seen is not None
        return seen.reloads

    def containers(self) -> list[str]:
        """The containers that there are of its pools, by name and id."""
        import docker

        client = docker.from_env()
        try:
            found = client.containers.list(all=True, filters={"label": "org.lbgen.pool"}, sparse=True)
            return [
                f"{each.attrs['Names']} {each.id}"
                for each in found
                if any(str(self.data) in str(mount) for mount in each.attrs.get("Mounts") or ())
            ]
        finally:
            client.close()

    def close(self) -> None:
        """Ends everything, whatever is left."""
        if self._server is not None and self._server.process.poll() is None:
            self._server.kill()
        _kill(self.data)
        _remove_containers(self.data)


def listens(port: int) -> bool:
    """Whether anybody listens on the port of this machine."""
    import socket

    try:
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((HOST, port))
    except OSError:
        return True
    return False


def processes(directory: Path) -> list[int]:
    """The processes of HAProxy that were started with a file of the directory."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            words = (entry / "cmdline").read_bytes() if entry.name.isdecimal() else b""
            if b"haproxy\0" in words and os.fsencode(f"{directory}/") in words:
                found.append(int(entry.name))
    return found


def _kill(directory: Path) -> None:
    for pid in processes(directory):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _remove_containers(directory: Path) -> None:
    if not any((directory / "run").glob("*/started-by")):
        return
    import docker

    with suppress(docker.errors.DockerException):
        client = docker.from_env()
        try:
            for container in client.containers.list(all=True, filters={"label": "org.lbgen.pool"}, sparse=True):
                if any(str(directory) in str(mount) for mount in container.attrs.get("Mounts") or ()):
                    with suppress(docker.errors.APIError):
                        container.remove(force=True, v=True)
        finally:
            client.close()


__all__ = ["HOST", "Edge", "Worker", "free_port", "listens", "pool", "processes", "until"]

if TYPE_CHECKING:
    Make = Callable[..., Edge]
    Workers = Sequence[Worker]
