"""Fleets of Marathon-LB's that go over to Edge-LB, and what both serve them with."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lbgen import pipeline
from lbgen.convert.doors import ConvertOptions
from lbgen.finding import Finding, Severity
from lbgen.pipeline.auto_pools import LabelledInputs, from_labels
from lbgen.pipeline.auto_tasks import pool_inputs
from lbgen.pipeline.convert import to_edge_lb
from lbgen.pipeline.inputs import from_values
from lbgen.pipeline.pools import PoolOptions, from_pool

FIRST_STUB = 31000
STUBS = range(FIRST_STUB, FIRST_STUB + 12)
CERTIFICATE = "/etc/ssl/cert.pem"


@dataclass(frozen=True, slots=True)
class Request:
    """One request; with `tls` the host, in small letters, is the server name too."""

    port: int
    host: str = "nobody.example.org"
    path: str = "/"
    tls: bool = False
    method: str = "GET"


@dataclass(frozen=True, slots=True)
class Fleet:
    """Apps, each of which gets a stub for each of its service ports; `tls` and `tcp` say which of them are that."""

    apps: tuple[dict[str, Any], ...]
    tls: frozenset[int] = frozenset()
    tcp: frozenset[int] = frozenset()

    def values(self, host: str) -> list[dict[str, Any]]:
        """The apps as Marathon would tell of them, with tasks on this host."""
        made, stubs = [], iter(STUBS)
        for value in self.apps:
            ports = [next(stubs) for _ in value["portDefinitions"]]
            name = value["id"].strip("/").replace("/", "_")
            task = {"id": f"{name}.1", "host": host, "ports": ports, "state": "TASK_RUNNING"}
            made.append({**deepcopy(value), "tasks": [task]})
        return made

    @property
    def service_ports(self) -> set[int]:
        """The ports on which apps are served beside 80 and 443."""
        declared = {port["port"] for value in self.apps for port in value["portDefinitions"]}
        named = {int(text) for value in self.apps for key, text in value["labels"].items() if key.endswith("_PORT")}
        return declared | named


def app(id_: str, *ports: int, **labels: str) -> dict[str, Any]:
    """An app on these service ports; labels of the first port go without `HAPROXY_0_`."""
    named = {key if key.startswith("HAPROXY") else f"HAPROXY_0_{key}": value for key, value in labels.items()}
    defined = [{"port": port, "name": f"port{index}"} for index, port in enumerate(ports)]
    return {"id": id_, "labels": {"HAPROXY_GROUP": "external", **named}, "portDefinitions": defined}


def marathon_lb(values: list[dict[str, Any]]) -> str:
    """What Marathon-LB serves the apps with."""
    generated = pipeline.from_apps(from_values("apps.json", values), pipeline.Options(ssl_certs=(CERTIFICATE,)))
    assert generated.rendered is not None, generated.findings
    assert generated.left_out == 0, generated.findings
    return generated.rendered.text


def edge_lb(values: list[dict[str, Any]], to: str) -> tuple[str, list[Finding]]:
    """What Edge-LB serves them with once they have gone over, and what was said of single apps on the way."""
    converted = to_edge_lb(from_values("apps.json", values), ConvertOptions(to=to))
    assert converted.left_out == [], converted.findings
    labelled = deepcopy(values)
    if to == "labels":
        for each, value in zip(converted.apps, sorted(labelled, key=lambda value: str(value["id"])), strict=True):
            value["labels"] = dict(each.labels)
        made: Any = from_labels(LabelledInputs(from_values("apps.json", labelled)))
        assert not [finding for finding in made.findings if finding.severity is Severity.ERROR], made.findings
    else:
        made = converted
    inputs = pool_inputs(LabelledInputs(from_values("apps.json", labelled)), made, ())
    (pool,) = inputs.pools
    result = from_pool(pool, inputs.tasks, PoolOptions(dynamic_ports=range(9090, 9091)))
    assert result.rendered is not None, result.findings
    return result.rendered.text, [finding for finding in converted.findings if finding.app is not None]
