"""Where settings are looked for; what reads them is imported where there are some."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lbgen.config.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

OWN, SHARED = "lbgen.toml", "pyproject.toml"


def find(directory: Path) -> Settings:
    """The settings of the nearest file, from the directory upwards; lbgen.toml counts before pyproject.toml.

    A pyproject.toml without `[tool.lbgen]` does not count. Raises InputError as `read` does.
    """
    for folder in (directory, *directory.parents):
        if (folder / OWN).is_file():
            return read(str(folder / OWN))
        shared = folder / SHARED
        if shared.is_file() and _mentions_us(shared):
            from lbgen.config.reading import read_shared

            if (settings := read_shared(str(shared))) is not None:
                return settings
    return Settings()


def _mentions_us(path: Path) -> bool:
    """Whether there may be a `[tool.lbgen]`: to read all of a long file takes a tenth of a short run."""
    try:
        text = path.read_bytes()
    except OSError:
        # Whoever reads it says what is wrong.
        return True
    return b"lbgen" in text and re.search(rb"tool[\"']?\s*(?:\.\s*[\"']?lbgen|[]=])", text) is not None


def read(path: str) -> Settings:
    """The settings of this file; raises InputError, with line and column, where it is not what it should be."""
    from lbgen.config.reading import read_own, read_shared

    if not path.endswith(SHARED):
        return read_own(path)
    return read_shared(path) or Settings(path=path)
