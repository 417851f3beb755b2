from __future__ import annotations

from lbgen.server.page.kept import Kept


def test_what_was_kept_is_there() -> None:
    kept: Kept[str] = Kept(10)
    assert kept.get("a") is None
    kept.put("a", "one", 4)
    kept.put("a", "two", 4)
    assert kept.get("a") == "two"


def test_what_nobody_asked_for_goes_first() -> None:
    kept: Kept[str] = Kept(10)
    for key in "ab":
        kept.put(key, key, 4)
    assert kept.get("a") == "a"
    kept.put("c", "c", 4)
    assert [kept.get(key) for key in "abc"] == ["a", None, "c"]


def test_what_is_too_heavy_by_itself_is_the_only_one() -> None:
    kept: Kept[str] = Kept(10)
    kept.put("a", "a", 4)
    kept.put("b", "b", 40)
    assert [kept.get(key) for key in "ab"] == [None, "b"]
    kept.put("c", "c", 4)
    assert [kept.get(key) for key in "bc"] == [None, "c"]
