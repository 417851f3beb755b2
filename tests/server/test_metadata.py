from __future__ import annotations

from lbgen.server.metadata import metadata
from lbgen.server.rendering import Rendering, load
from lbgen.server.running import Instance, State, Status
from lbgen.server.store import StoredPool
from tests.server.documents import pool

TEXT = """\
listen stats
  bind 0.0.0.0:9090
frontend frontend_0.0.0.0_15001
  bind 127.0.0.1:15001,[::]:15002 ssl
"""
WHERE = Instance(("192.0.2.1",), ("198.51.100.1",))


def rendering() -> Rendering:
    return Rendering(load(StoredPool("ping-lb", "V2", pool(), 1)).pools[0], None, ())


def test_where_what_runs_is_reached() -> None:
    told = metadata("ping-lb", rendering(), TEXT, [WHERE], Status(State.OK, "", 1, 1))
    assert told == {
        "name": "ping-lb",
        "aws": {"elbs": []},
        "frontends": [
            {
                "name": "frontend_0.0.0.0_15001",
                "endpoints": [
                    {"port": 15001, "private": ["127.0.0.1"], "public": []},
                    {"port": 15002, "private": ["192.0.2.1"], "public": ["198.51.100.1"]},
                ],
            }
        ],
        "stats": [{"port": 9090, "private": ["192.0.2.1"], "public": ["198.51.100.1"]}],
        "status": {"state": "OK", "message": "", "wanted": 1, "running": 1},
    }


def test_nothing_runs() -> None:
    told = metadata("ping-lb", rendering(), None, [])
    assert "status" not in told
    assert told["frontends"] == [
        {"name": "frontend_0.0.0.0_15001", "endpoints": [{"port": 15001, "private": [], "public": []}]}
    ]


def test_a_range_of_ports_has_an_end() -> None:
    told = metadata("ping-lb", rendering(), "listen stats\n  bind *:1-65535\n", [])
    assert len(told["stats"]) == 64
