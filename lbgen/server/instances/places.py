"""Where the files of each pool's HAProxy are: in a directory whose name says nothing, whatever the pool is called."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAME = "pool"


@dataclass(frozen=True, slots=True)
class Place:
    """The directory of a pool's HAProxy; nobody but its owner reads what is there."""

    pool: str
    directory: Path

    @property
    def config(self) -> Path:
        """The file that HAProxy serves."""
        return self.directory / "haproxy.cfg"

    @property
    def candidate(self) -> Path:
        """A file that HAProxy is asked about."""
        return self.directory / "candidate.cfg"

    @property
    def master(self) -> Path:
        """The socket of HAProxy's master."""
        return self.directory / "master.sock"

    @property
    def environment(self) -> Path:
        """What was added to the environment of HAProxy when it was started the last time."""
        return self.directory / "environment.json"

    @property
    def by(self) -> Path:
        """What says by which means HAProxy was started the last time."""
        return self.directory / "started-by"

    def make(self) -> None:
        """Makes the directory; raises OSError where that cannot be."""
        self.directory.mkdir(mode=0o700, exist_ok=True)
        (self.directory / _NAME).write_text(f"{self.pool}\n")


def place_of(root: Path, pool: str) -> Place:
    """The place of this pool below the root."""
    return Place(pool, root / hashlib.sha256(pool.encode("utf-8", "surrogatepass")).hexdigest()[:16])


def places(root: Path) -> Iterator[Place]:
    """The places that are there, by the names of their pools."""
    names = []
    for file in root.glob(f"*/{_NAME}"):
        try:
            names.append(file.read_text().removesuffix("\n"))
        except (OSError, UnicodeDecodeError):
            continue
    # A directory that was renamed by hand is nobody's.
    yield from (place for name in sorted(names) if (place := place_of(root, name)).directory.is_dir())
