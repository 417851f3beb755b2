"""Labels that say nothing: misspelt, or counted past the last service port."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from lbgen.finding import Finding, Severity
from lbgen.marathon import network
from lbgen.marathon.labels import APP_LABELS, BY_NAME, IGNORED_TEMPLATE_LABELS, TEMPLATE_LABELS, known, split_name
from lbgen.marathon.limits import MOST_LABELS_TOLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.marathon.apps import MarathonApp


_LONGEST = 100
"""Characters of a key that somebody might have meant to be another."""


def unread_labels(app: MarathonApp) -> Iterator[Finding]:
    """A finding for every label that looks like the load balancer's and is not; of many, the first ones and a count."""
    keys = (key for key in app.labels if key.startswith("HAPROXY") and key not in APP_LABELS)
    found = (finding for key in keys for finding in _judged(app, key))
    for finding in islice(found, MOST_LABELS_TOLD):
        # Finding out what was meant takes longer than finding out that it was not said.
        yield replace(finding, help=finding.help or _suggestion(finding.label or ""))
    if more := sum(1 for _ in found):
        origin = app.ref.because("labels").origin()
        text = f"the app has {more:,} more labels that no load balancer reads"
        yield Finding("unknown-label", Severity.WARNING, text, origin)


def _judged(app: MarathonApp, key: str) -> Iterator[Finding]:
    found = split_name(key)
    if found is None or not known(found[1]):
        yield _finding(app, "unknown-label", f"{key:.100} is no label that a load balancer reads", key)
    elif found[1] in IGNORED_TEMPLATE_LABELS:
        plain = f"HAPROXY_{found[0]}_{found[1].removeprefix('MAP_')}"
        yield _finding(app, "label-never-read", f"{key} is never read", key, f"{plain} is what replaces it")
    else:
        ports = network.service_ports(app.fields, network.mode(app.fields))
        if ports and found[0] >= len(ports):
            last = f"0 to {len(ports) - 1}" if len(ports) > 1 else "0"
            message = f"{key} counts past the app's {len(ports)} service port{'s'[: len(ports) > 1]}"
            yield _finding(app, "label-without-port", message, key, f"service ports count from 0: here {last}")


def _finding(app: MarathonApp, rule: str, message: str, key: str, help_: str = "") -> Finding:
    return Finding(rule, Severity.WARNING, message, app.ref.label(key).origin(), help=help_)


@lru_cache(maxsize=1024)
def _suggestion(key: str) -> str:
    if len(key) > _LONGEST:
        return ""
    index = next((part.lstrip("0") or "0" for part in key.split("_") if part.isascii() and part.isdecimal()), "0")
    names = [*BY_NAME, *TEMPLATE_LABELS]
    candidates = [*APP_LABELS, *(f"HAPROXY_{index}_{name}" for name in names)]
    close = get_close_matches(key.upper(), candidates, n=1, cutoff=0.8)
    return f"did you mean {close[0]}?" if close else ""
