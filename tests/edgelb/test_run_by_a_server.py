"""What a server that keeps a HAProxy for a pool has written for it."""

from __future__ import annotations

from tests.edgelb.pools import pool, section, text


def test_it_finds_who_was_down_and_waits_for_clients() -> None:
    made = text(pool(), state_dir="/run/lb 1", patient=True)
    assert "server-state-base '/run/lb 1'" in section(made, "global")
    assert section(made, "defaults")[0] == "load-server-state-from-file global"
    assert "option idle-close-on-response" in section(made, "defaults")


def test_nothing_of_that_by_itself() -> None:
    made = text(pool())
    assert "server-state" not in made
    assert "idle-close" not in made
