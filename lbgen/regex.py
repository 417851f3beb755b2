"""Regular expressions that are compiled when they are first used.

There are some 250, of which a run uses a few: compiling all of them would take as long as many a run.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn")


def regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` returns, in all that is asked of it; a source with a mistake raises re.error on first use."""
    return cast("re.Pattern[AnyStr]", _Regex(source, flags))


class _Regex:
    # The methods are slots that are empty until the first is asked for: from then on they are the pattern's own, and a
    # loop over many texts does not know the difference.
    __slots__ = ("_flags", "_source", *_METHODS)

    def __init__(self, source: str | bytes, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self._source, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)
