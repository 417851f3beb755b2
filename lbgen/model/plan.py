"""The plan of a configuration: sections of fragments, each with what fills it and for whom it is there."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, NamedTuple

from lbgen.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.model.blanks import Text
    from lbgen.model.service import Service
    from lbgen.origin import Because


class Fragment(NamedTuple):
    """One piece of text to write: a template, what fills it, and the service that it is for, if it is for one.

    `label` names the service's label whose text the template is, without `HAPROXY_{n}_`; it is empty where no label
    replaces the template. `because` are the values that it was made of, where these are known beforehand.
    """

    template: str
    text: Text
    values: Mapping[str, Any]
    service: Service | None = None
    label: str = ""
    because: tuple[Because, ...] = ()

    @property
    def overridden(self) -> bool:
        """Whether a label replaces the template."""
        return bool(self.label)


@dataclass(slots=True)
class Section:
    """Fragments that end up together: a section of the file, or several that belong to one service.

    `by_evaluation`: the lines of the fragments behind the first, `head`, may be put into the order in which HAProxy
    evaluates them; it warns of any other.
    """

    fragments: list[Fragment]
    by_evaluation: bool = False


@dataclass(slots=True)
class Plan:
    """A whole configuration, in order, and the map files that it reads, by file name."""

    sections: list[Section] = field(default_factory=list)
    maps: dict[str, str] = field(default_factory=dict)
