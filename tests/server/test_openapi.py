"""The description of the API tells the truth."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from lbgen.server.http.openapi import ALL, description
from tests.server.documents import pool, pool_v1

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", **description()})


def test_it_is_served(client: TestClient) -> None:
    assert client.get("/openapi.json").json() == json.loads(json.dumps(description()))


def test_every_reference_leads_somewhere() -> None:
    schemas = description()["components"]["schemas"]
    found = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(description())))
    assert found == schemas.keys()
    assert "#/definitions/" not in json.dumps(description())


def test_operations_have_names_of_their_own() -> None:
    names = [
        each["operationId"]
        for path in description()["paths"].values()
        for each in path.values()
        if "operationId" in each
    ]
    assert len(names) == len({*names}) == len(ALL)


def test_schemas_are_schemas() -> None:
    for schema in description()["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("V2Pool", "/v2/pools/ping-lb"),
        ("V2Pools", "/v2/pools"),
        ("V2Config", "/v2/config"),
        ("V1Pool", "/v1/loadbalancers/old-lb"),
        ("V1Config", "/v1/all"),
        ("PoolContainer", "/pools/ping-lb"),
        ("ConfigContainer", "/config"),
        ("V2PoolMetadata", "/v2/pools/ping-lb/metadata"),
        ("PoolTemplateStatus", "/v2/pooltemplates/web/status"),
    ],
)
def test_replies_are_as_described(client: TestClient, name: str, path: str) -> None:
    client.post("/v2/pools", json=pool())
    client.post("/v1/loadbalancers", json=pool_v1())
    client.post("/v2/pooltemplates", json={"name": "web"})
    validator(name).validate(client.get(path).json())


@pytest.mark.parametrize(
    "wrong", [{}, {"name": 1}, {"name": ""}, {"name": "a", "haproxy": {"stats": {"bindPort": -1}}}]
)
def test_bad_pools_are_not_as_described(wrong: dict[str, Any]) -> None:
    assert not validator("V2Pool").is_valid(wrong)
