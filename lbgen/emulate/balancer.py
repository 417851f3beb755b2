"""A load balancer as lbgen generates it: its text, where each line comes from, and how it routes."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.edgelb.traced import origin_at
from lbgen.emulate.manners import manner
from lbgen.emulate.narrowing import Narrowing
from lbgen.haproxy.parse import parse
from lbgen.routing.table import table_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.haproxy.parse import Config
    from lbgen.origin import Origin, SourceMap
    from lbgen.routing.table import Table


@dataclass(frozen=True)
class Balancer:
    """The load balancer of a group of apps, or a pool, by its `name`; `files` are the maps that it reads, by path.

    `origins` tells of values of documents that were made of others, by document and pointer, what they were made of.
    `vhosts` are the values that hosts come from, by host and app, `colours` the apps of servers, by address and port,
    where one backend serves several apps.
    """

    name: str
    text: str
    source_map: SourceMap
    files: Mapping[str, str] = field(default_factory=dict)
    origins: Mapping[str, Mapping[str, Origin]] = field(default_factory=dict)
    vhosts: Mapping[tuple[str, str], Origin] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def config(self) -> Config:
        """The text, parsed."""
        return parse(self.text)

    @cached_property
    def table(self) -> Table:
        """Its routing table."""
        return table_of(self.config)

    @cached_property
    def narrowing(self) -> Narrowing:
        """Its routing table, for requests one by one."""
        return Narrowing(self.table)

    @cached_property
    def manners(self) -> Mapping[str, str]:
        """How each backend chooses among its servers, in words."""
        return {each.name: manner(each) for each in self.config.sections if each.kind in {"backend", "listen"}}

    def why(self, line: int, hint: str, words: tuple[str, ...]) -> Origin | None:
        """The value that line `line` (from 1) comes from, None where it is lbgen's own.

        Of several it is a label with one of the words in its name, else the one that occurs in the hint.
        """
        for each in self.source_map.reasons(line):
            if each.label is not None and any(word in each.label for word in words):
                return each.origin()
        origin = self.source_map.origin(line, hint)
        made = self.origins.get(origin.document) if origin is not None else None
        return origin_at(origin.pointer, made) or origin if origin is not None and made else origin

    def app_of(self, line: int) -> str | None:
        """The app that line `line` (from 1) is there for."""
        return next((each.app for each in self.source_map.reasons(line) if each.app is not None), None)
