"""What people see of pools, compared whole."""

from __future__ import annotations

import pytest

from lbgen.edgelb_client.reading import answered
from lbgen.edgelb_client.tables import (
    addresses,
    endpoints,
    listed,
    of_status,
    running,
    shown,
    table,
    template_status,
    told,
)
from lbgen.errors import ToolError
from tests.edgelb_client.pools import V1, V2


def test_columns_are_as_wide_as_they_need_to_be() -> None:
    assert table(("A", "LONGER"), [("long", 1), ("x", "")]) == "  A     LONGER\n  long  1\n  x\n"


def test_what_is_told_cannot_move_the_cursor() -> None:
    assert table(("A",), [("\x1b[2J\n",)]) == "  A\n  <U+001B>[2J\\n\n"


def test_list() -> None:
    assert listed([answered(V2), answered({**V1, "name": "old", "count": 1, "role": "*"})]) == (
        "  NAME  APIVERSION  COUNT  ROLE          PORTS\n"
        "  web   V2          2      slave_public  9091, 80, 8080\n"
        "  old   V1          1      *             9090, 80\n"
    )


def test_show() -> None:
    assert shown(answered(V2)) == (
        "Summary:\n"
        "  NAME  APIVERSION  COUNT  ROLE          CONSTRAINTS      STATSPORT\n"
        "  web   V2          2      slave_public  hostname:UNIQUE  9091\n"
        "\n"
        "Frontends:\n"
        "  NAME                   PORT  PROTOCOL\n"
        "  frontend_0.0.0.0_80    80    HTTP\n"
        "  frontend_0.0.0.0_8080  8080  HTTP\n"
        "\n"
        "Backends:\n"
        "  FRONTEND                                    NAME  PROTOCOL  BALANCE\n"
        "  frontend_0.0.0.0_80, frontend_0.0.0.0_8080  shop  HTTP      leastconn\n"
        "  frontend_0.0.0.0_8080                       old   HTTP      roundrobin\n"
        "\n"
        "Marathon Services:\n"
        "  BACKEND  TYPE     SERVICE  CONTAINER  PORT  CHECK\n"
        "  shop     AUTO_IP  /shop               web   enabled\n"
        "\n"
        "Mesos Services:\n"
        "  BACKEND  TYPE      FRAMEWORK  TASK   PORT  CHECK\n"
        "  shop     AGENT_IP  kafka      /^b-/  all   disabled\n"
        "\n"
        "Addresses:\n"
        "  BACKEND  ADDRESS          PORT  CHECK\n"
        "  old      old.example.org  81    enabled\n"
    )


def test_show_of_v1_tells_of_its_services_as_v2_does() -> None:
    text = shown(answered(V1))
    assert "  shop     AUTO_IP  marathon   shop  web   enabled\n" in text


METADATA = {
    "name": "web",
    "frontends": [
        {
            "name": "front",
            "endpoints": [
                {"port": 80, "private": ["10.0.0.1", "10.0.0.2"], "public": ["192.0.2.1"]},
                {"port": 81, "private": ["10.0.0.1"], "public": None},
            ],
        }
    ],
    "stats": [{"port": 9090, "private": ["10.0.0.3"], "public": []}],
}


def test_endpoints() -> None:
    assert endpoints(METADATA) == (
        "  NAME   PORT  INTERNAL IPS        EXTERNAL IPS\n"
        "  front  80    10.0.0.1, 10.0.0.2  192.0.2.1\n"
        "  front  81    10.0.0.1            -\n"
        "  stats  9090  10.0.0.3            -\n"
        "\n"
        "Internal IPs are those of the hosts; on a virtual network the pool has addresses of its own.\n"
    )


def test_addresses_are_told_once() -> None:
    assert addresses(METADATA) == (["10.0.0.1", "10.0.0.2", "10.0.0.3"], ["192.0.2.1"])


@pytest.mark.parametrize("strange", [{}, {"frontends": 1, "stats": {}}, {"frontends": [1, {"endpoints": [None]}]}])
def test_metadata_of_another_shape_has_no_rows(strange: dict[str, object]) -> None:
    assert endpoints(strange).startswith("  NAME  PORT  INTERNAL IPS  EXTERNAL IPS\n\n")
    assert addresses(strange) == ([], [])


def test_status() -> None:
    status = {
        "name": "web",
        "apiVersion": "V2",
        "count": 3,
        "private": ["a"],
        "public": [],
        "configuration": "ready",
    }
    assert of_status(status) == (
        "  NAME  APIVERSION  COUNT  INTERNAL IPS  EXTERNAL IPS  CONFIGURATION\n"
        "  web   V2          3      a             -             ready\n"
    )


def test_status_of_a_pool_that_the_server_runs() -> None:
    status = {"name": "web", "apiVersion": "V2", "count": 3, "running": 1, "private": ["a"], "public": ["b"]}
    assert of_status({**status, "configuration": "pending"}) == (
        "  NAME  APIVERSION  COUNT  RUNNING  INTERNAL IPS  EXTERNAL IPS  CONFIGURATION\n"
        "  web   V2          3      1        a             b             pending\n"
    )


@pytest.mark.parametrize(
    ("status", "words", "number"),
    [
        (None, "", {}),
        ({"state": "OK", "message": "", "running": 1}, "", {"running": 1}),
        ({"state": "PENDING", "message": "", "running": 0}, "pending", {"running": 0}),
        ({"state": "ERROR", "message": "f cannot bind *:80", "running": 1}, "f cannot bind *:80", {"running": 1}),
        ("strange", "", {}),
    ],
)
def test_what_the_server_says_of_what_it_runs(status: object, words: str, number: dict[str, int]) -> None:
    metadata = {} if status is None else {"status": status}
    assert (told(metadata), running(metadata)) == (words, number)


def test_status_of_a_pool_template() -> None:
    tasks = {
        "/a": {"status": "OK", "message": "", "uris": ["http://a:80"]},
        "/b": {"status": "RENDER_ERR", "message": "no port", "uris": None},
    }
    assert template_status("dobby", {"status": "OK", "message": "", "statuses": tasks}) == (
        "  NAME   STATUS  MESSAGE\n"
        "  dobby  OK\n"
        "\n"
        "  TASK  STATUS      URIS         MESSAGE\n"
        "  /a    OK          http://a:80\n"
        "  /b    RENDER_ERR               no port\n"
    )
    assert template_status("dobby", {"status": "NEW", "statuses": None}) == "  NAME   STATUS  MESSAGE\n  dobby  NEW\n"


def test_an_answer_that_is_no_pool() -> None:
    with pytest.raises(ToolError, match="no pool"):
        answered({"name": "x", "pools": []})
