"""What HAProxy finds in its environment: little of this server's, and of the pool's what cannot do harm."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lbgen.edgelb.pool import Pool

# Whoever writes a pool can have HAProxy say what its environment holds: it is none of his business.
_OWN = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TZ")
# Others decide which programs and libraries a process loads.
_OF_POOLS = regex(r"ELB_[^=\0]*")


def own_environment() -> dict[str, str]:
    """What HAProxy needs of this process's environment."""
    return {name: os.environ[name] for name in _OWN if name in os.environ}


def of_pool(pool: Pool | None) -> dict[str, str]:
    """What the pool adds, as far as an environment can hold it."""
    given = pool.environment if pool is not None else {}
    return {name: value for name, value in given.items() if _OF_POOLS.fullmatch(name) and _fits(name + value)}


def _fits(text: str) -> bool:
    # One half of a surrogate pair is no UTF-8.
    return "\0" not in text and not any("\ud800" <= each <= "\udfff" for each in text)


def kept(file: Path) -> dict[str, str]:
    """What was added the last time; nothing where that cannot be read."""
    try:
        return {str(name): str(value) for name, value in json.loads(file.read_text()).items()}
    except (OSError, ValueError, AttributeError):
        return {}


def keep(environment: Mapping[str, str], file: Path) -> None:
    """Has the next server know of it; raises OSError where it cannot be written."""
    file.touch(mode=0o600)
    file.write_text(json.dumps(environment))
