"""The baseline: findings that are known, and not told again until there are more of them."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from lbgen import source
from lbgen.dataclass import dataclass
from lbgen.errors import InputError
from lbgen.finding import Finding, Severity
from lbgen.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A known finding: what it is known by, and how often it is there. The other members are for people."""

    fingerprint: str
    count: int
    rule: str
    document: str
    app: str | None = None
    label: str | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The entries of the document, in its order."""

    document: source.Document
    entries: tuple[Entry, ...] = ()

    @property
    def name(self) -> str:
        """The file."""
        return self.document.name


def read_baseline(document: source.Document) -> Baseline:
    """The baseline that the document holds; raises InputError where it is none."""
    name, value = document.name, source.load(document)
    if not isinstance(value, dict) or not isinstance(value.get("findings"), list):
        help_ = "lbgen lint --write-baseline writes one"
        raise InputError("this is no baseline: it should be an object with findings", origin=Origin(name), help=help_)
    if value.get("version") != VERSION:
        text = f"the baseline has the version {value.get('version')!r:.20}; this lbgen reads {VERSION}"
        raise InputError(text, origin=Origin(name, "/version"), help="write it anew, with --write-baseline")
    return Baseline(document, tuple(_entry(name, index, each) for index, each in enumerate(value["findings"])))


def _entry(name: str, index: int, value: Any) -> Entry:
    origin = Origin(name, f"/findings/{index}")
    if not isinstance(value, dict):
        raise InputError("an entry of the baseline should be an object", origin=origin)
    fingerprint, rule, document, app, label, message = (
        _text(value.get(key)) for key in ("fingerprint", "rule", "document", "app", "label", "message")
    )
    count = value.get("count", 1)
    if fingerprint is None or rule is None or document is None or type(count) is not int or count < 1:
        text = 'an entry needs the texts "fingerprint", "rule", "document", and a count from 1'
        raise InputError(text, origin=origin)
    return Entry(fingerprint, count, rule, document, app, label, message or "")


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def as_text(entries: Iterable[Entry]) -> str:
    """The text of a baseline file; the same for the same entries in whatever order."""
    ordered = sorted(entries, key=lambda it: (it.document, it.app or "", it.rule, it.label or "", it.fingerprint))
    found = [
        {
            "rule": each.rule,
            "document": each.document,
            "app": each.app,
            "label": each.label,
            "message": each.message,
            "count": each.count,
            "fingerprint": each.fingerprint,
        }
        for each in ordered
    ]
    return json.dumps({"version": VERSION, "findings": found}, indent=2) + "\n"


def entries_of(findings: Iterable[Finding], known_by: Callable[[Finding], tuple[str, str]]) -> Iterator[Entry]:
    """The entries for the findings; `known_by` gives the fingerprint of each, and what its document is called."""
    keys = {finding: known_by(finding) for finding in dict.fromkeys(findings)}
    counts = Counter(fingerprint for fingerprint, _ in keys.values())
    for finding, (fingerprint, document) in keys.items():
        if count := counts.pop(fingerprint, 0):
            yield Entry(fingerprint, count, finding.rule, document, finding.app, finding.label, finding.message)


def unknown(findings: Sequence[Finding], baseline: Baseline, fingerprints: Mapping[Finding, str]) -> list[Finding]:
    """The findings that the baseline does not know: of equal ones, those beyond the count."""
    left = Counter[str]()
    for entry in baseline.entries:
        left[entry.fingerprint] += entry.count
    new = []
    for finding in findings:
        fingerprint = fingerprints[finding]
        left[fingerprint] -= 1
        if left[fingerprint] < 0:
            new.append(finding)
    return new


def gone(entries: Iterable[Entry], there: Mapping[str, int]) -> Iterator[Entry]:
    """The entries of which there are fewer than they say; `there` counts fingerprints."""
    return (entry for entry in entries if there.get(entry.fingerprint, 0) < entry.count)


def outdated(baseline: Baseline, entries: Sequence[Entry]) -> Iterator[Finding]:
    """A finding for each of these entries of the baseline, of which there are fewer now."""
    index = {entry: number for number, entry in enumerate(baseline.entries)}
    for entry in entries:
        origin = Origin(baseline.name, f"/findings/{index[entry]}")
        whose = " ".join(filter(None, (entry.app, entry.label))) or entry.document
        text = f"the baseline knows {entry.rule} of {whose:.200}, and there is less of it now"
        help_ = "write the baseline anew, with --write-baseline"
        yield Finding("baseline-outdated", Severity.INFO, text, origin, help=help_)
