from __future__ import annotations

import pytest

from lbgen.server.instances.health import health, read
from lbgen.server.running import ServerHealth

_HEAD = "# pxname,svname,scur,status,weight,check_status,last_chk,addr,"
_TOLD = f"""{_HEAD}
web,one,3,UP,10,L7OK,OK,192.0.2.1:80,
web,two,0,DOWN,1,L4CON,"Connection refused, again",[2001:db8::1]:80,
api,only,,no check,1,,,192.0.2.3:8080,
"""


class _Says:
    def __init__(self, answer: str | OSError) -> None:
        self._answer = answer

    def ask(self, commands: object) -> list[str]:
        assert commands == ["show stat -1 4 -1"]
        if isinstance(self._answer, OSError):
            raise self._answer
        return [self._answer]


def test_servers_by_backend() -> None:
    assert health(_Says(_TOLD)) == {
        "web": [
            ServerHealth("one", "192.0.2.1:80", "UP", 10, 3, "L7OK OK"),
            ServerHealth("two", "[2001:db8::1]:80", "DOWN", 1, 0, "L4CON Connection refused, again"),
        ],
        "api": [ServerHealth("only", "192.0.2.3:8080", "no check", 1, 0, "")],
    }


def test_what_a_server_says_begins_no_row() -> None:
    told = f"{_HEAD}\nweb,one,0,UP,1,L7OK,\x85api\u2028api,192.0.2.1:80,\n"
    assert [each.check for each in read(told)["web"]] == ["L7OK \x85api\u2028api"]
    assert list(read(told)) == ["web"]


def test_columns_without_end_are_no_statistics() -> None:
    assert health(_Says(f"{_HEAD}\nweb,{'x' * 200_000}\n")) == {}


@pytest.mark.parametrize(
    ("state", "serves"),
    [
        ("UP", True),
        ("UP 1/3", True),
        ("no check", True),
        ("DOWN", False),
        ("DOWN 1/2", False),
        ("MAINT", False),
        ("DRAIN", False),
        ("NOLB", False),
    ],
)
def test_who_gets_connections(state: str, serves: bool) -> None:
    assert ServerHealth("one", "192.0.2.1:80", state, 1, 0, "").serves is serves


def test_nobody_answers() -> None:
    assert health(_Says(ConnectionRefusedError())) == {}


@pytest.mark.parametrize("told", ["", "Unknown command", "web,one,3"])
def test_what_is_no_statistics(told: str) -> None:
    assert health(_Says(told)) == {}
    with pytest.raises(ValueError, match=r"."):
        read(told)
