"""A request on its way through HAProxy: what rules have made of it so far."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.routing.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.routing.request import Request
    from lbgen.routing.table import Proxy, Table
    from lbgen.routing.values import Address, Sample

Headers = dict[str, list[str] | Unknown]


@dataclass(slots=True)
class State:
    """Where a request stands. `terminated` tells that HAProxy itself speaks TLS with the client.

    `files` are the texts of maps and lists of patterns, by path.
    """

    request: Request
    table: Table
    files: Mapping[str, str]
    proxy: Proxy
    terminated: bool = False
    method: str | Unknown = "GET"
    target: str | Unknown = "/"
    headers: Headers = field(default_factory=dict)
    variables: dict[str, Sample] = field(default_factory=dict)
    client: Address | Unknown | None = None

    def copy(self) -> State:
        """The same, to be changed apart."""
        headers: Headers = {
            name: values if isinstance(values, Unknown) else list(values) for name, values in self.headers.items()
        }
        return replace(self, headers=headers, variables=dict(self.variables))

    @property
    def http(self) -> bool:
        """Whether HAProxy reads the request as HTTP here."""
        return self.proxy.http

    def header(self, name: str) -> list[str] | Unknown:
        """The values of all headers of this name."""
        return self.headers.get(name.lower(), [])

    @property
    def path(self) -> str | Unknown:
        """The path without its query."""
        return self.target if isinstance(self.target, Unknown) else self.target.partition("?")[0]

    @property
    def query(self) -> str | Unknown:
        """What stands behind the question mark."""
        return self.target if isinstance(self.target, Unknown) else self.target.partition("?")[2]

    def file(self, path: str) -> str | None:
        """The text of a file, by its path, or by its name where nobody knows the path."""
        text = self.files.get(path)
        return self.files.get(path.rpartition("/")[2]) if text is None else text


def state_of(request: Request, table: Table, files: Mapping[str, str], proxy: Proxy, *, terminated: bool) -> State:
    """The request as it arrives at a frontend."""
    state = State(request, table, files, proxy, terminated, request.method, request.target, client=request.client)
    for name, value in request.headers:
        values = state.headers.setdefault(name, [])
        assert isinstance(values, list)  # nothing is unknown yet  # noqa: S101
        values.append(value)
    return state
