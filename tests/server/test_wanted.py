"""What should run, by what is known of tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lbgen.server.refusals import Refusal
from lbgen.server.store import Store
from tests.server.documents import pool

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lbgen.server.running import Wanted
    from lbgen.server.server import Server


def made(server: Server) -> dict[str, Wanted]:
    of_addresses = pool("fixed")
    endpoint = {"type": "ADDRESS", "address": "192.0.2.9", "port": 80}
    of_addresses["haproxy"]["backends"][0]["services"] = [{"endpoint": endpoint}]
    server.pools.create("V2", of_addresses)
    server.pools.create("V2", pool("web"))
    return {each.name: each for each in server.pools.wanted()}


def test_what_is_rendered_is_what_runs(server: Server) -> None:
    wanted = made(server)
    assert wanted["web"].render().text == server.pools.render(server.pools.get("web")).text
    assert "192.0.2.7:31001" in (wanted["web"].render().text or "")


def test_the_same_tasks_and_revision_are_the_same(server: Server) -> None:
    made(server)
    before = [each[:4] for each in server.pools.wanted()]
    server.refresh()
    assert [each[:4] for each in server.pools.wanted()] == before
    server.pools.update("V2", pool("web", 80))
    assert [each[:4] for each in server.pools.wanted()] != before


def test_what_another_server_changes_is_followed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    monkeypatch.setattr(server.pools.running, "apply", seen.append)
    server.refresh()
    assert seen == []
    other = Store(server.store.path.parent)
    other.write(lambda state: state.add_pool("web", "V2", pool("web")))
    server.refresh()
    server.refresh()
    assert len(seen) == 1
    other.write(lambda state: state.remove_pool("web"))
    other.close()
    server.refresh()
    assert len(seen) == 2


def test_new_tasks_are_followed_later_where_the_pools_could_not_be_read(
    server: Server, now_running: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []
    monkeypatch.setattr(server.pools.running, "apply", seen.append)
    with monkeypatch.context() as patched:
        patched.setattr(server.pools, "revisions", _refused)
        with pytest.raises(Refusal):
            now_running()
    assert seen == []
    server.refresh()
    server.refresh()
    assert len(seen) == 1


def _refused() -> None:
    raise Refusal(500, "the state cannot be read now")


class TestWithoutTasks:
    """The server was started anew, and nobody can tell it of tasks."""

    @pytest.fixture
    def tasks(self, tmp_path: Path) -> Path:
        """A file that is not there, in place of the usual one."""
        return tmp_path / "nowhere.json"

    def test_what_asks_for_them_stays_as_it_is(self, server: Server) -> None:
        found = made(server)["web"].render()
        assert found.text is None
        assert found.problem.startswith("the tasks are not known: ")

    def test_what_does_not_can_change(self, server: Server) -> None:
        assert "192.0.2.9:80" in (made(server)["fixed"].render().text or "")
