"""What runs an HAProxy for a test: a container engine or a binary of this machine, behind one face."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import field
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from lbgen.dataclass import dataclass
from lbgen.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CONFIG_PATH = "/lbgen/haproxy.cfg"
DEFAULT_IMAGE = "haproxy:3.2"

Kind = Literal["auto", "container", "binary"]


class Address(NamedTuple):
    """An IP address or host name, and a TCP port."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Program:
    """An HAProxy to start: its configuration, the files it reads, the names others know it by, its variables.

    `ports` are published in addition to those that the configuration listens on. What is not `published` is reached by
    the other programs of its site alone: publishing a port takes an engine some 50 ms.
    """

    config: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    hosts: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    ports: tuple[int, ...] = ()
    published: bool = True


class Instance(Protocol):
    """A started HAProxy."""

    def address(self, port: int) -> Address:
        """Where the test reaches what the configuration calls `port`."""
        ...

    def inner_address(self, port: int) -> Address:
        """Where the other programs of the same site reach it."""
        ...

    def master(self) -> Address:
        """Where the master's command line answers."""
        ...

    def logs(self) -> str:
        """What HAProxy wrote to its standard output and error until now."""
        ...

    def write(self, config: str) -> None:
        """Replaces the configuration that the next reload reads."""
        ...

    def lay(self, files: Mapping[str, bytes]) -> None:
        """Lays files at their absolute paths, in place of those that are there; a configuration is written after."""
        ...

    def is_alive(self) -> bool:
        """Whether the master process runs."""
        ...

    def stop(self) -> None:
        """Ends it, whatever state it is in; harmless the second time."""
        ...


class Site(Protocol):
    """A place where an HAProxy and its stubs reach each other by their names."""

    def start(self, program: Program) -> Instance:
        """The program, started and not yet ready."""
        ...

    def close(self) -> None:
        """Stops what still runs here, and removes what the site itself needed."""
        ...


@contextmanager
def site(kind: Kind = "auto", image: str | None = None, binary: str | None = None) -> Iterator[Site]:
    """A site of the kind that is asked for, closed afterwards.

    An `image` asks for a container, a `binary` for a binary. `auto` takes a container engine where one answers, else
    the binary of this machine. Raises ToolError, with what to install, where neither is to be had.
    """
    made = _site(kind, image, binary)
    try:
        yield made
    finally:
        made.close()


def missing(kind: Kind = "auto", binary: str | None = None) -> str:
    """Why no HAProxy can be started here, as a sentence; "" if one can."""
    problems = _problems(binary)
    asked = problems if kind == "auto" else {kind: problems[kind]}
    return "" if not all(asked.values()) else " and ".join(asked.values())


def _site(kind: Kind, image: str | None, binary: str | None) -> Site:
    from lbgen.testing.binary import BinarySite
    from lbgen.testing.container import ContainerSite

    if kind == "auto" and (image or binary):
        kind = "container" if image else "binary"
    problem = missing(kind, binary)
    if problem:
        msg = f"cannot start HAProxy: {problem}"
        raise ToolError(msg, help="install Docker or Podman and start it, or install haproxy 2.2 or later")
    if kind == "binary" or _problems(binary)["container"]:
        return BinarySite(_binary(binary) or "haproxy")
    return ContainerSite(image or os.environ.get("LBGEN_HAPROXY_IMAGE") or DEFAULT_IMAGE)


def _problems(binary: str | None) -> dict[str, str]:
    from lbgen.testing.container import engine_problem

    engine = engine_problem()
    no_binary = "" if _binary(binary) else f"there is no program {_wanted(binary)!r}"
    return {"container": engine and f"no container engine answers ({engine})", "binary": no_binary}


def _binary(given: str | None) -> str | None:
    return shutil.which(_wanted(given))


def _wanted(given: str | None) -> str:
    return given or os.environ.get("LBGEN_HAPROXY_BIN") or "haproxy"
