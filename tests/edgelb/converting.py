"""Apps with Marathon-LB's labels, and what they become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.convert.doors import ConvertOptions
from lbgen.pipeline.convert import to_edge_lb
from lbgen.pipeline.inputs import from_values

if TYPE_CHECKING:
    from lbgen.convert.converting import Converted


def app(id_: str = "/web", *ports: int, **labels: str) -> dict[str, Any]:
    """An app in the group external, on these service ports or 10001; labels of port 0 go without `HAPROXY_0_`."""
    named = {key if key.startswith("HAPROXY") else f"HAPROXY_0_{key}": value for key, value in labels.items()}
    defined = [{"port": port, "name": f"port{index}"} for index, port in enumerate(ports or (10001,))]
    return {"id": id_, "labels": {"HAPROXY_GROUP": "external", **named}, "portDefinitions": defined}


def converted(*apps: dict[str, Any], **options: Any) -> Converted:
    """What becomes of the apps."""
    return to_edge_lb(from_values("apps.json", list(apps)), ConvertOptions(**options))


def labels_of(*apps: dict[str, Any], **options: Any) -> dict[str, str]:
    """The labels that the first of the apps gets, without the prefix that they share."""
    made = converted(*apps, **options)
    found = next(each for each in made.apps if each.app.id == apps[0]["id"])
    return {key.removeprefix("edgelb."): value for key, value in found.labels.items()}


def pool_of(*apps: dict[str, Any], **options: Any) -> Any:
    """The haproxy part of the one pool of the apps."""
    (pool,) = converted(*apps, to="pool", **options).pools
    return pool.value["haproxy"]


def remarks(made: Converted) -> list[str]:
    """What is said of single apps: severity, rule, and message."""
    return [f"{each.severity} {each.rule} {each.message}" for each in made.findings if each.app is not None]
