"""A load balancer as lbgen generates it: its text, where each line comes from, and how it routes."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.haproxy.parse import parse
from lbgen.routing.table import table_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.haproxy.parse import Config
    from lbgen.origin import Origin, SourceMap
    from lbgen.routing.table import Table


@dataclass(frozen=True)
class Balancer:
    """The load balancer of a group of apps, or a pool, by its `name`; `files` are the maps that it reads, by path."""

    name: str
    text: str
    source_map: SourceMap
    files: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def config(self) -> Config:
        """The text, parsed."""
        return parse(self.text)

    @cached_property
    def table(self) -> Table:
        """Its routing table."""
        return table_of(self.config)

    def why(self, line: int, hint: str, words: tuple[str, ...]) -> Origin | None:
        """The value that line `line` (from 1) comes from, None where it is lbgen's own.

        Of several it is a label with one of the words in its name, else the one that occurs in the hint.
        """
        for each in self.source_map.reasons(line):
            if each.label is not None and any(word in each.label for word in words):
                return each.origin()
        return self.source_map.origin(line, hint)

    def app_of(self, line: int) -> str | None:
        """The app that line `line` (from 1) is there for."""
        return next((each.app for each in self.source_map.reasons(line) if each.app is not None), None)
