"""What makes a finding the same one in a later run: for baselines, for SARIF, for the findings of a change."""

from __future__ import annotations

import json
import os
from collections import Counter
from hashlib import sha256
from pathlib import PurePath
from typing import TYPE_CHECKING

from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lbgen.finding import Finding

# Places in texts move; a finding stays the same one.
_MOVES = regex(r"(?<=:)\d+|(?<=\blines )\d+|(?<=\bline )\d+|(?<=\bcolumn )\d+")
_TO_APP = regex(r"(?:/groups/\d+)*(?:/apps/\d+|/app(?=/|$)|/\d+)?")
_INDEX = regex(r"(?<=/)\d+(?=/|$)")


def fingerprint(finding: Finding, document: str = "") -> str:
    """32 hexadecimal digits, which stay while the finding is about the same value of the same app, wherever that is.

    They are made of the rule, the app, the pointer from the app to the value (without the indices of lists), the
    message (without line numbers), and of `document`: its name as seen from where it does not change, or nothing where
    it does not matter. Two findings may have the same; `numbered` tells them apart.
    """
    where = "" if finding.config is None or finding.origin is not None else finding.config.section
    parts = (finding.rule, document, finding.app, _pointer(finding), where, _MOVES.sub("0", finding.message))
    # Half a surrogate pair has no UTF-8: escapes for all but ASCII.
    return sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _pointer(finding: Finding) -> str:
    if finding.origin is None:
        return finding.annotated_label or ""
    pointer = finding.origin.pointer
    if finding.app is not None and (whole := _TO_APP.match(pointer)):
        pointer = pointer[whole.end() :]
    return _INDEX.sub("*", pointer)


def numbered(fingerprints: Iterable[str]) -> Iterator[str]:
    """The fingerprints, each with how often it has come, from 1, so that all are different."""
    seen: Counter[str] = Counter()
    for each in fingerprints:
        seen[each] += 1
        yield f"{each}:{seen[each]}"


def relative(document: str, base: str) -> str:
    """The document's name as seen from the directory `base`, with slashes; standard input's name as it is."""
    if not document or document.startswith(("<", "http://", "https://")):
        return document
    return PurePath(os.path.relpath(document, base)).as_posix()
