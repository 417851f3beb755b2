"""A real HAProxy for a test: started from a configuration or from apps, and stopped afterwards whatever happens."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from lbgen.control import master
from lbgen.control.complaints import complaints
from lbgen.control.conversation import ask
from lbgen.testing import client
from lbgen.testing.engine import Address, Program, site
from lbgen.testing.ready import HaproxyDidNotStart, ready
from lbgen.testing.stub import Stub, Stubs, stubs_on
from lbgen.testing.supplies import with_certificates

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator, Mapping, Sequence

    from lbgen.testing.client import Answer, Tls
    from lbgen.testing.engine import Instance, Kind, Site

RELOAD_TIMEOUT = 30.0


class Haproxy:
    """A running HAProxy. Ports are those that its configuration names, wherever they may really be reached."""

    def __init__(self, instance: Instance, stubs: Stubs) -> None:
        self._instance = instance
        self.stubs = stubs

    def address(self, port: int) -> Address:
        """Where the test reaches this port of the configuration."""
        return self._instance.address(port)

    def url(self, port: int, path: str = "/", scheme: str = "http") -> str:
        """The URL of a path at this port, for any HTTP client."""
        host, real = self.address(port)
        return f"{scheme}://{host}:{real}{path}"

    def request(
        self,
        port: int,
        path: str = "/",
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        tls: Tls = False,
        server_name: str | None = None,
        timeout: float = 10,
    ) -> Answer:
        """The answer to one HTTP request at this port.

        `tls=True` takes any certificate, a context decides for itself; `server_name` is what is sent as SNI. `timeout`
        is in seconds. Raises OSError or http.client.HTTPException where there is no answer.
        """
        return client.request(
            self.address(port),
            path,
            method=method,
            headers=headers,
            body=body,
            tls=tls,
            server_name=server_name,
            timeout=timeout,
        )

    def connect(
        self, port: int, *, tls: Tls = False, server_name: str | None = None, timeout: float = 10
    ) -> socket.socket:
        """A connection to this port, to be closed by the caller; arguments as those of `request`."""
        return client.connect(self.address(port), tls=tls, server_name=server_name, timeout=timeout)

    def master(self) -> Address:
        """Where the command line of HAProxy's master answers."""
        return self._instance.master()

    def logs(self) -> str:
        """What HAProxy wrote to its standard output and error until now."""
        return self._instance.logs()

    def warnings(self) -> list[str]:
        """HAProxy's warnings and alerts until now, each with its continued lines."""
        return complaints(self.logs())

    def ask(self, command: str) -> str:
        """What the worker's runtime API answers to a command such as `show stat`."""
        return ask(self._instance.master(), f"@1 {command}")

    def reload(self, config: str | None = None, *, files: Mapping[str, bytes] | None = None) -> None:
        """Has HAProxy read its configuration again, or this one in its place, and returns when it serves that.

        `files` are laid at their absolute paths before. Raises HaproxyDidNotStart where HAProxy refuses the
        configuration; the old one then goes on being served.
        """
        self._instance.lay(files or {})
        if config is not None:
            self._instance.write(config)
        before = len(self.logs())
        if not master.reload(self._instance.master(), RELOAD_TIMEOUT).served:
            raise HaproxyDidNotStart(self.logs()[before:], "refuses the new configuration")

    def stop(self) -> None:
        """Ends HAProxy; harmless the second time."""
        self._instance.stop()


@contextmanager
def run_haproxy(
    config: str,
    *,
    stubs: Stubs | Sequence[Stub] = (),
    files: Mapping[str, bytes] | None = None,
    environment: Mapping[str, str] | None = None,
    ports: Sequence[int] = (),
    engine: Kind = "auto",
    image: str | None = None,
    binary: str | None = None,
) -> Iterator[Haproxy]:
    """Starts HAProxy with this configuration, and stops it afterwards; it serves when the block begins.

    `stubs` are started first and are reached by their names, on a network of their own. `files` are laid at their
    absolute paths; a `crt` that is not among them is supplied with a throw-away certificate. `ports` are published in
    addition to those that the configuration listens on, for a later reload.

    Raises HaproxyDidNotStart with HAProxy's own messages, ToolError where no HAProxy can be started here.
    """
    program = Program(
        config, with_certificates(config, files or {}, environment or {}), (), environment or {}, tuple(ports)
    )
    if isinstance(stubs, Stubs):
        with _started(stubs.site, program, stubs) as haproxy:
            yield haproxy
        return
    with (
        site(engine, image, binary) as place,
        stubs_on(place, stubs) as started,
        _started(place, program, started) as haproxy,
    ):
        yield haproxy


@contextmanager
def _started(place: Site, program: Program, stubs: Stubs) -> Iterator[Haproxy]:
    instance = place.start(program)
    try:
        ready(instance)
        yield Haproxy(instance, stubs)
    finally:
        instance.stop()
