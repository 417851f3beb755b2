"""Where HAProxy runs for a check: what a check needs to know of a machine or container, and asks it to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from lbgen.dataclass import dataclass
from lbgen.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


MOST_SECONDS = 180.0
"""For which a run of HAProxy is waited, where nobody says otherwise."""


class TooSlowError(ToolError):
    """HAProxy does not come to the end of what it is asked."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run of HAProxy ended with: exit status (negative: the signal that killed it), and all it printed."""

    status: int
    output: str


class Place(Protocol):
    """A place for one run of HAProxy, with the files that are there."""

    @property
    def tool(self) -> str:
        """What is run, in words for the user."""

    @property
    def config_path(self) -> str:
        """The path under which HAProxy reads the configuration."""

    @property
    def rewrites(self) -> bool:
        """Whether files cannot be put where the text expects them, so that the text must name other paths."""

    @property
    def name_servers(self) -> bool:
        """Whether /etc/resolv.conf names any."""

    def has(self, path: str) -> bool:
        """Whether HAProxy would find something at this path, without anything being put there."""

    def brought(self, path: str, *, siblings: str = "") -> Mapping[str, bytes]:
        """What must be put into the place for `path` to be there as on this machine: path to content.

        `siblings` is a pattern of names beside it that belong to it, with `{name}` for its own.
        """

    def knows(self, account: str, *, group: bool) -> bool:
        """Whether there is a user, or a group, of this name."""

    def put_path(self, path: str) -> str:
        """The absolute path at which a file for `path` is put."""

    def shown(self, text: str) -> str:
        """The text with the place's own paths replaced by those that the configuration names."""

    def run(self, text: str, files: Mapping[str, bytes], directories: Sequence[str]) -> Run:
        """Put the configuration and the files there, run `haproxy -c`, and return what came of it.

        Raises ToolError where HAProxy cannot be run, or does not end.
        """


def encoded(text: str) -> bytes:
    """The text in UTF-8; bytes that were none come back as they were."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")
