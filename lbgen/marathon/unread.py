"""Labels that say nothing: misspelt, or counted past the last service port."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from lbgen.finding import Edit, Finding, Fix, Severity
from lbgen.marathon import network, planned
from lbgen.marathon.labels import APP_LABELS, BY_NAME, IGNORED_TEMPLATE_LABELS, TEMPLATE_LABELS, known, split_name
from lbgen.marathon.limits import MOST_LABELS_TOLD
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.marathon.apps import MarathonApp


_LONGEST = 100
"""Characters of a key that somebody might have meant to be another."""
_PREFIX = "HAPROXY"
_WITH_INDEX = regex(r"([A-Z_-]{5,10})_([0-9]{1,9}|\{?[A-Z0-9]\}?)_(\w+)")


def unread_labels(app: MarathonApp) -> Iterator[Finding]:
    """A finding for every label that looks like the load balancer's and is not; of many, the first ones and a count."""
    keys = (key for key in app.labels if key not in APP_LABELS and _might_be_meant(key))
    ports = _count_of_ports(app)
    found = (finding for key in keys for finding in _judged(app, key, ports))
    for finding in islice(found, MOST_LABELS_TOLD):
        # Finding out what was meant takes longer than finding out that it was not said.
        yield _with_suggestion(app, finding) if finding.rule == "label-unknown" else finding
    if more := sum(1 for _ in found):
        origin = app.ref.because("labels").origin()
        text = f"the app has {more:,} more labels that no load balancer reads"
        yield Finding("label-unknown", Severity.WARNING, text, origin)


def _might_be_meant(key: str) -> bool:
    """Whether the key is written like one of the load balancer's, the capitals and slips of the prefix aside."""
    if key.startswith(_PREFIX):
        return True
    if key[:1] not in "Hh " or len(key) > _LONGEST:
        return False
    if key.strip().upper().startswith(f"{_PREFIX}_"):
        return bool(_meant(key, 0.9))
    match = _WITH_INDEX.fullmatch(key.upper().strip())
    return match is not None and known(match[3]) and _is_like_prefix(match[1])


def _is_like_prefix(word: str) -> bool:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, word, _PREFIX).ratio() > 0.8


def _judged(app: MarathonApp, key: str, ports: int) -> Iterator[Finding]:
    found = split_name(key)
    if found is None or not known(found[1]):
        yield _finding(app, "label-unknown", "no load balancer reads a label of this name", key)
    elif found[1] in IGNORED_TEMPLATE_LABELS:
        plain = f"HAPROXY_{found[0]}_{found[1].removeprefix('MAP_')}"
        yield _finding(app, "template-unused", f"{key} is never read", key, f"{plain} is what replaces it")
    elif ports and found[0] >= ports:
        last = f"0 to {ports - 1}" if ports > 1 else "0"
        message = f"index {found[0]} counts past the app's {'only' if ports == 1 else ports} service port"
        message += "s"[: ports > 1]
        yield _finding(app, "label-index-range", message, key, f"service ports count from 0: here {last}")


def _count_of_ports(app: MarathonApp) -> int:
    """How many service ports the app will have; 0 where that is not known before it runs."""
    fields = planned.normalised(app).fields
    return len(network.service_ports(fields, network.mode(fields)))


def _finding(app: MarathonApp, rule: str, message: str, key: str, help_: str = "") -> Finding:
    return Finding(rule, Severity.WARNING, message, app.ref.label(key).origin(), help=help_)


def _with_suggestion(app: MarathonApp, finding: Finding) -> Finding:
    key = finding.label or ""
    meant = _meant(key)
    if not meant:
        return replace(finding, help="lbgen schema app lists the labels that are read")
    help_ = f"did you mean {meant}?"
    if meant in app.labels or finding.origin is None:
        return replace(finding, help=help_)
    edit = Edit(finding.origin.document, meant, finding.origin.pointer, key=True)
    return replace(finding, help=help_, fix=Fix(f"call it {meant}", (edit,), safe=False))


_INDEX = regex(r"[0-9]{1,9}")


@lru_cache(maxsize=1024)
def _meant(key: str, likeness: float = 0.8) -> str:
    from difflib import get_close_matches

    if len(key) > _LONGEST:
        return ""
    found = _INDEX.search(key)
    index = int(found[0]) if found else 0
    names = [*BY_NAME, *sorted(TEMPLATE_LABELS)]
    candidates = [*APP_LABELS, *(f"{_PREFIX}_{index}_{name}" for name in names)]
    close = get_close_matches(key.upper().strip(), candidates, n=1, cutoff=likeness)
    return close[0] if close else _abridged(key)


def _abridged(key: str) -> str:
    """The one label whose name ends like the key's, as HTTP_BACKEND_REDIR does like REDIR; empty where none does."""
    index, name = split_name(key) or (0, "")
    longer = [each for each in (*BY_NAME, *TEMPLATE_LABELS) if name and each.endswith(f"_{name}")]
    return f"{_PREFIX}_{index}_{longer[0]}" if len(longer) == 1 else ""
