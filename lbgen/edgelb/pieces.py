"""Fragments of a pool's configuration, each with the values that it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.model.plan import Fragment
from lbgen.origin import Because

if TYPE_CHECKING:
    from lbgen.edgelb.pool import Pool
    from lbgen.render.templates import Templates

Reason = tuple[str, str]
"""A pointer to a value, and the text of the value."""


class Pieces:
    """Makes the fragments of one pool."""

    def __init__(self, pool: Pool, templates: Templates, *, portable: bool) -> None:
        self.pool = pool
        self.portable = portable
        self._templates = templates

    def fragment(self, template: str, /, *reasons: Reason, **values: Any) -> Fragment:
        """The fragment of a template, filled with these values, made for these reasons, the most telling first."""
        because = tuple(Because(self.pool.document, pointer, None, "", text) for pointer, text in reasons)
        return Fragment(template, self._templates.text(template), values, because=because)

    def line(self, pointer: str, text: str) -> Fragment:
        """A user's own line of haproxy.cfg, which is the text at the pointer."""
        because = (Because(self.pool.document, pointer, None, "", text, lines=True),)
        return Fragment("MISC", self._templates.text("MISC"), {"line": text.strip()}, because=because)
