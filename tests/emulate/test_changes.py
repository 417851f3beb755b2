"""What an edit does to the requests that there are to try."""

from __future__ import annotations

from lbgen.emulate.changes import changes


def test_new_changed_and_vanished_requests_are_told() -> None:
    before = {"curl a": "task 1", "curl b": "task 1", "curl c": "task 1"}
    after = {"curl a": "tasks 1 and 2 in turn", "curl c": "task 1", "curl d": "task 1"}
    assert list(changes(before, after, verbose=False)) == [
        "  ~ curl a  # tasks 1 and 2 in turn; before: task 1",
        "  + curl d",
        "  - curl b",
    ]


def test_of_many_the_first_are_told() -> None:
    after = {f"curl {number}": "task 1" for number in range(2000)}
    told = list(changes({}, after, verbose=False))
    assert (told[0], told[-1]) == ("  + curl 0", "  and 1,976 more; -v tells all")
    assert len(list(changes({}, after, verbose=True))) == 2000
