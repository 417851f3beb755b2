"""Files that lie in a directory among others and are none of lbgen's business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.finding import Finding, Severity
from lbgen.haproxy.parse import SECTION_KEYWORDS
from lbgen.origin import Origin

if TYPE_CHECKING:
    from lbgen.haproxy.parse import Config

_OF_APPS = frozenset({"cmd", "container", "healthChecks", "instances", "portDefinitions", "upgradeStrategy"})
"""Members that say by themselves that something is meant to be an app."""
_BESIDE_AN_ID = frozenset({"args", "constraints", "containers", "ipAddress", "labels", "networks", "ports", "tasks"})
_OF_REPLIES = frozenset({"app", "apps", "groups", "haproxy", "pools", "v1", "v2"})
_DEEPEST = 3


def is_strange(value: Any, depth: int = 0) -> bool:
    """Whether nothing in a document's value looks like an app, a group, a pool, a manifest or a reply of Marathon."""
    if isinstance(value, list) and value and depth < _DEEPEST:
        return all(is_strange(item, depth + 1) for item in value)
    if not isinstance(value, dict):
        return True
    known = value.keys() & (_OF_APPS | _OF_REPLIES) or ("id" in value and value.keys() & _BESIDE_AN_ID)
    return not (known or _is_labelled(value.get("labels")))


def _is_labelled(labels: Any) -> bool:
    return isinstance(labels, dict) and any(key.startswith(("HAPROXY_", "edgelb.")) for key in labels)


def is_strange_config(config: Config) -> bool:
    """Whether a file by the name of a configuration has no section that HAProxy knows."""
    return not any(section.kind in SECTION_KEYWORDS for section in config.sections)


def passed_over(name: str) -> Finding:
    """Says that the file is not looked at."""
    help_ = "name it to have it looked at all the same, or leave it out with --exclude"
    return Finding("passed-over", Severity.INFO, "holds no app, no pool and no haproxy.cfg", Origin(name), help=help_)
