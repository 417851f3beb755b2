"""Relative links between the pages: they hold under every prefix, also where a proxy takes it away."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from lbgen.dataclass import dataclass

if TYPE_CHECKING:
    from lbgen.server.page.state import Reason

DIRECTORY = "/page/"
"""Below this are all pages but the first."""


@dataclass(frozen=True, slots=True)
class Links:
    """Links as seen from the first page, or from one of those in the directory.

    Names are parameters and no part of a path: browsers and proxies meddle with dots and slashes there.
    """

    first: bool

    @property
    def home(self) -> str:
        """The list of all pools."""
        return "./" if self.first else "../"

    def file(self, name: str) -> str:
        """Something that is the same for all pools."""
        return f"page/{name}" if self.first else name

    def to(self, page: str, name: str, **more: str) -> str:
        """A page about the pool or pool template of this name."""
        return f"{self.file(page)}?{urlencode({'name': name, **more})}"

    def line(self, name: str, number: int, text: str = "") -> str:
        """A line of the configuration, and there of the text that is wanted or that runs."""
        more = {"text": text} if text else {}
        return f"{self.to('config', name, **more, line=str(number))}#L{number}"

    def field(self, name: str, number: int) -> str:
        """A line of the pool's JSON."""
        return f"{self.to('document', name, line=str(number))}#J{number}"

    def reason(self, name: str, reason: Reason) -> str:
        """Where the pool's page says more."""
        return f"{self.to('pool', name)}#{reason.anchor or 'state'}"
