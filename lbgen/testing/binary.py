"""HAProxy as a process of this machine, for where there is no container engine.

A process has neither a network nor a root directory of its own. So the configuration that runs is not quite the one
that was given: every port is listened on at a free one of 127.0.0.1, names of stubs become their addresses, and paths
of supplied files lead into a temporary directory. Everything else is as it was.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from lbgen.errors import ToolError
from lbgen.testing.engine import CONFIG_PATH, Address
from lbgen.testing.listen import moved, ports

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.testing.engine import Program


class BinarySite:
    """A temporary directory, and the names of what was started there."""

    def __init__(self, binary: str) -> None:
        self._binary = binary
        self._root = Path(tempfile.mkdtemp(prefix="lbgen-"))
        self._places: dict[str, Address] = {}
        self._instances: list[BinaryInstance] = []

    def start(self, program: Program) -> BinaryInstance:
        """The program as a process; raises ToolError where the binary cannot be run."""
        root = self._root / str(len(self._instances))
        instance = BinaryInstance(self._binary, root, program, dict(self._places))
        self._instances.append(instance)
        listened = ports(program.config, program.environment)
        places = {f"{host}:{port}": instance.address(port) for host in program.hosts for port in listened}
        self._places.update(places)
        return instance

    def close(self) -> None:
        """Ends the processes that are left, and removes the directory."""
        for instance in self._instances:
            instance.stop()
        shutil.rmtree(self._root, ignore_errors=True)


class BinaryInstance:
    """An HAProxy process with its own directory."""

    def __init__(self, binary: str, root: Path, program: Program, places: dict[str, Address]) -> None:
        self._root = root
        self._program = program
        self._places = places
        listened = (*ports(program.config, program.environment), *program.ports)
        self._ports = dict(zip(listened, _free_ports(len(listened)), strict=True))
        self._master = Address("127.0.0.1", _free_ports(1)[0])
        self._files: set[str] = set()
        self.lay(program.files)
        self.write(program.config)
        self._log = (root / "log").open("wb")
        self._process = self._start(binary)

    def address(self, port: int) -> Address:
        """The free port that was taken in place of this one; the port itself where the configuration has none such."""
        return Address("127.0.0.1", self._ports.get(port, port))

    def inner_address(self, port: int) -> Address:
        """The same as from outside."""
        return self.address(port)

    def master(self) -> Address:
        """Where the master's command line answers."""
        return self._master

    def logs(self) -> str:
        """What HAProxy wrote until now."""
        return (self._root / "log").read_text(errors="replace")

    def write(self, config: str) -> None:
        """Replaces the configuration that the next reload reads; ports that are new get their free ones."""
        new = [port for port in ports(config, self._program.environment) if port not in self._ports]
        self._ports.update(zip(new, _free_ports(len(new)), strict=True))
        self._put(CONFIG_PATH, self._localised(config).encode())

    def lay(self, files: Mapping[str, bytes]) -> None:
        """Lays files where those paths lead that the next configuration to be written names."""
        self._files.update(files)
        for path, content in files.items():
            self._put(path, content)

    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Ends the master, which ends its workers."""
        if self.is_alive():
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._log.close()

    def _start(self, binary: str) -> subprocess.Popen[bytes]:
        command = [binary, "-W", "-db", "-S", f"127.0.0.1:{self._master.port}", "-f", str(self._inside(CONFIG_PATH))]
        environment = {**os.environ, **self._program.environment}
        try:
            # The binary is the one that the caller named.
            return subprocess.Popen(  # noqa: S603
                command, stdout=self._log, stderr=subprocess.STDOUT, env=environment
            )
        except OSError as error:
            self._log.close()
            msg = f"cannot run {binary}: {error.strerror}"
            raise ToolError(msg) from error

    def _localised(self, config: str) -> str:
        text = moved(config, lambda port: f"127.0.0.1:{self._ports[port]}", self._program.environment)
        for path in sorted(self._files, key=len, reverse=True):
            text = re.sub(rf"(?<![\w/.-]){re.escape(path)}(?![\w.-])", str(self._inside(path)), text)
        own = {f"{host}:{port}": self.address(port) for host in ("127.0.0.1", "localhost") for port in self._ports}
        return "\n".join(_renamed(line, {**own, **self._places}) for line in text.split("\n"))

    def _put(self, path: str, content: bytes) -> None:
        target = self._inside(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def _inside(self, path: str) -> Path:
        return self._root / path.lstrip("/")


def _renamed(line: str, places: Mapping[str, Address]) -> str:
    """The line with every `name:port` that has a place replaced by it; `bind` lines were moved already."""
    if not places or line.split()[:1] == ["bind"]:
        return line
    names = "|".join(re.escape(name) for name in sorted(places, key=len, reverse=True))
    return re.sub(rf"(?<![\w.-])(?:{names})(?!\d)", lambda match: ":".join(map(str, places[match[0]])), line)


def _free_ports(count: int) -> list[int]:
    """So many ports of 127.0.0.1 that nobody listened on a moment ago, all different."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
