"""What is read out of the options of the Kubernetes package, and where a mistake in them is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.errors import InputError
from lbgen.ports.package_options import PackageOptions, read_package_options

if TYPE_CHECKING:
    from pathlib import Path


def read(tmp_path: Path, text: str) -> PackageOptions:
    file = tmp_path / "options.json"
    file.write_text(text)
    return read_package_options(str(file))


def test_everything_that_matters(tmp_path: Path) -> None:
    text = json.dumps(
        {
            "service": {"name": "kubernetes-prod", "service_account": "kubernetes", "service_account_secret": "k/sa"},
            "kubernetes": {
                "node_count": 10,
                "public_node_count": 2,
                "control_plane_placement": '[["disk","IS","fast-ssd"]]',
                "node_placement": '["hostname","UNIQUE"]',
                "public_node_placement": '[["hostname", "LIKE", "10.0.0.159|10.0.1.202"], ["rack", "GROUP_BY"]]',
                "service_cidr": "10.90.0.0/16",
            },
        }
    )

    assert read(tmp_path, text) == PackageOptions(
        service_name="kubernetes-prod",
        signed=True,
        node_count=10,
        public_node_count=2,
        control_plane_placement=(("disk", "IS", "fast-ssd"),),
        node_placement=(("hostname", "UNIQUE"),),
        public_node_placement=(("hostname", "LIKE", "10.0.0.159|10.0.1.202"), ("rack", "GROUP_BY")),
    )


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"service": {}, "kubernetes": {}}',
        '{"kubernetes": {"node_placement": ""}}',
        '{"kubernetes": {"node_placement": "[]"}}',
    ],
)
def test_the_defaults_are_the_package_s(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == PackageOptions("kubernetes", signed=False, node_count=1, public_node_count=0)


TRAILING_COMMA = '{\n  "kubernetes": {\n    "public_reserved_resources": {\n      "kube_disk": 512\n    },\n  }\n}\n'


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        (TRAILING_COMMA, 5, 6, "expected a key in double quotes behind the comma, found '}'"),
        ("[]", 1, 1, "holds no options"),
        ('{\n"service": "kubernetes"}', 2, 12, "service has to be an object"),
        ('{"service": {"name": 1}}', 1, 22, "name has to be a text"),
        ('{"service": {"name": "a b"}}', 1, 22, "'a b' cannot be the name of a service"),
        ('{"service": {"name": "a\\n  server x"}}', 1, 22, "cannot be the name of a service"),
        ('{"kubernetes": {"node_count": "2"}}', 1, 31, "node_count has to be a number of nodes, 0 to 100000"),
        ('{"kubernetes": {"node_count": true}}', 1, 31, "has to be a number"),
        ('{"kubernetes": {"node_count": -1}}', 1, 31, "0 to 100000"),
        ('{"kubernetes": {"node_count": 1e3}}', 1, 31, "has to be a number"),
        (f'{{"kubernetes": {{"node_count": {"9" * 4000}}}}}', 1, 31, "has to be a number"),
        (f'{{"kubernetes": {{"node_placement": "{"[" * 100000}"}}}}', 1, 35, "it is nested too deep"),
        ('{"kubernetes": {"node_placement": "[x]"}}', 1, 37, "node_placement holds JSON in a string, and this is none"),
        ('{"kubernetes": {"node_placement": "[\\"a\\"]"}}', 1, 35, "has to hold constraints"),
        ('{"kubernetes": {"node_placement": "[\\"a\\",\\"LIKE\\"]"}}', 1, 35, "has to hold constraints"),
        ('{"kubernetes": {"node_placement": "[[\\"a\\",\\"UNIQ\\"]]"}}', 1, 35, "has to hold constraints"),
        ('{"kubernetes": {"node_placement": "[[\\"a\\",\\"UNIQUE\\",1]]"}}', 1, 35, "has to hold constraints"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)

    assert message in str(caught.value)
    assert caught.value.origin is not None
    assert caught.value.origin.position == (line, column)


@pytest.mark.parametrize("value", [None, [], 0, "x", {"a": 1}])
@pytest.mark.parametrize("key", ["service", "kubernetes"])
def test_nothing_is_taken_for_an_object_that_is_none(tmp_path: Path, key: str, value: Any) -> None:
    text = json.dumps({key: value})
    if value is None or isinstance(value, dict):
        assert read(tmp_path, text) == PackageOptions()
    else:
        with pytest.raises(InputError, match=f"{key} has to be an object"):
            read(tmp_path, text)
