"""What is taken for somebody else's in a directory, and what is not."""

from __future__ import annotations

from typing import Any

import pytest

from lbgen.haproxy.parse import parse
from lbgen.pipeline.strangers import is_strange, is_strange_config


@pytest.mark.parametrize(
    "value",
    [
        {"name": "shop", "version": "1.0.0", "dependencies": {}},
        {"compilerOptions": {}},
        {"on": "push", "jobs": {}},
        {"services": {}, "networks": {}},
        {"id": "urn:x", "title": "a schema"},
        [1, 2],
        "text",
        None,
        [],
        {},
    ],
)
def test_other_documents_are_strange(value: Any) -> None:
    assert is_strange(value)


@pytest.mark.parametrize(
    "value",
    [
        {"id": "/web", "labels": {}},
        {"id": "/web", "cmd": "x"},
        {"cmd": "an app that somebody forgot to name"},
        {"labels": {"HAPROXY_GROUP": "external"}},
        {"id": "/", "groups": []},
        {"app": {"id": "/web"}},
        {"apps": []},
        {"pools": []},
        {"haproxy": {}},
        [{"id": "/web", "container": {}}],
        [{"other": 1}, {"id": "/web", "ports": []}],
    ],
)
def test_what_might_be_an_app_or_a_pool_is_not(value: Any) -> None:
    assert not is_strange(value)


def test_a_configuration_has_a_section() -> None:
    assert is_strange_config(parse("[metadata]\nname = x\n"))
    assert not is_strange_config(parse("global\n  maxconn 10\n"))
