"""The console sessions of the README and other documents: a command, and what it has to print."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
_BLOCK = re.compile(r"^```console\n\$ (?P<command>.*)\n(?P<output>(?:.*\n)*?)```$", re.MULTILINE)


class Session(NamedTuple):
    """A command without the word `lbgen`, and its output, in which a line `...` stands for any lines or none."""

    arguments: tuple[str, ...]
    output: str

    def matches(self, printed: str) -> bool:
        """Whether this is what was printed."""
        parts = [re.escape(part) for part in re.split(r"^\.\.\.\n", self.output, flags=re.MULTILINE)]
        return re.fullmatch(r"(?:.*\n)*?".join(parts), printed) is not None


def sessions(document: str = "README.md") -> list[Session]:
    """All sessions of a document, in their order."""
    text = (ROOT / document).read_text()
    return [Session(tuple(block["command"].split()[1:]), block["output"]) for block in _BLOCK.finditer(text)]
