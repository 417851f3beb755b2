"""Apps with `edgelb.*` labels, and what comes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.pipeline.auto_pools import LabelledInputs, from_labels
from lbgen.pipeline.inputs import from_values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.edgelb.auto_pools import AutoPools
    from lbgen.finding import Finding


def app(id_: str = "/web", ports: tuple[str | None, ...] = ("http",), **labels: str) -> dict[str, Any]:
    """An app on the host; in the names of labels `_` stands for a dot, and `expose` need not be said."""
    return labelled(labels, id_, ports)


def labelled(labels: Mapping[str, str], id_: str = "/web", ports: tuple[str | None, ...] = ("http",)) -> dict[str, Any]:
    """The same, with the labels in a mapping."""
    named = {f"edgelb.{key.replace('_', '.')}": value for key, value in labels.items()}
    defined = [{"port": 0, **({} if name is None else {"name": name})} for name in ports]
    return {"id": id_, "labels": {"edgelb.expose": "true", **named}, "portDefinitions": defined}


def pools_of(*apps: dict[str, Any], by_app: bool = False) -> AutoPools:
    """What is made of the apps."""
    return from_labels(LabelledInputs(from_values("apps.json", list(apps))), by_app=by_app)


def pool_of(*apps: dict[str, Any]) -> Any:
    """The one pool of the apps, about which there is nothing to say."""
    made = pools_of(*apps)
    assert made.findings == []
    assert made.left_out == []
    (pool,) = made.pools
    return pool.value


def said(made: AutoPools) -> list[tuple[str, str]]:
    """The rules of the findings, and the texts that they point at."""
    return [(finding.rule, where(finding)) for finding in made.findings]


def where(finding: Finding) -> str:
    """The app and the label at fault, and the characters of it where it is narrowed."""
    origin = finding.origin
    assert origin is not None
    at = "" if origin.start is None else f" {origin.start}-{origin.end}"
    return f"{origin.app} {origin.label}{at}"
