"""Two configurations: which backends have other servers, and when anything else differs."""

from __future__ import annotations

import random

import pytest

from lbgen.live.haproxy.changes import ReloadNeeded, changes

HEAD = "global\n  maxconn 100\n\ndefaults\n  mode http\n  default-server inter 3s\n\n"
FRONTEND = "frontend f\n  bind :80\n  default_backend one\n"
ONE = "\nbackend one\n  balance roundrobin\n  server a 10.0.0.1:80\n  server b 10.0.0.2:80\n"
TWO = "\nbackend two\n  balance leastconn\n  server a 10.0.1.1:80\n"
TEXT = HEAD + FRONTEND + ONE + TWO


def servers(old: str, new: str) -> dict[str, tuple[list[str], list[str]]]:
    return {each.after.name: (list(each.before.servers), list(each.after.servers)) for each in changes(old, new)}


def test_nothing_changes() -> None:
    assert changes(TEXT, TEXT) == []
    assert changes(TEXT, TEXT.replace("\nbackend two", "\n# a remark\n\nbackend two")) == []


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (TEXT.replace("  server b 10.0.0.2:80\n", ""), {"one": (["a", "b"], ["a"])}),
        (TEXT.replace("  server a 10.0.0.1:80\n", ""), {"one": (["a", "b"], ["b"])}),
        (TEXT + "  server b 10.0.1.2:80\n", {"two": (["a"], ["a", "b"])}),
        (TEXT.replace("  server a 10.0.1.1:80\n", ""), {"two": (["a"], [])}),
        (TEXT.replace("10.0.0.1:80", "10.0.0.1:81"), {"one": (["a", "b"], ["a", "b"])}),
        (TEXT.replace("  server a", "  server c"), {"one": (["a", "b"], ["c", "b"]), "two": (["a"], ["c"])}),
        (TEXT.removesuffix("\n"), {}),
    ],
)
def test_servers_change(new: str, expected: object) -> None:
    assert servers(TEXT, new) == expected


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        (TEXT.replace("maxconn 100", "maxconn 200"), "global changes"),
        (TEXT.replace("bind :80", "bind :81"), "frontend f changes"),
        (TEXT.replace("balance leastconn", "balance first"), "backend two changes in more than its servers"),
        (TEXT.replace("backend two", "backend too"), "backend too is new"),
        (TEXT.replace("backend two", "listen two"), "listen two is new"),
        (TEXT.replace(TWO, ""), "backend two goes"),
        (TEXT + "\nbackend three\n", "backend three is new"),
        (HEAD + FRONTEND + TWO + ONE, "sections change their places"),
        (TEXT.replace("backend two", "backend two from x"), "sections change their places"),
        (TEXT.replace("inter 3s", "inter 4s"), "defaults changes"),
        ("", "global goes"),
    ],
)
def test_more_than_servers_changes(new: str, reason: str) -> None:
    with pytest.raises(ReloadNeeded, match=f"^{reason}$"):
        changes(TEXT, new)


def test_what_defaults_say_counts_wherever_the_change_is() -> None:
    (change,) = changes(TEXT, TEXT + "  server b 10.0.1.2:80\n")
    assert change.after.servers["b"].options == ("inter", "3s")


def test_named_defaults_count() -> None:
    head = "defaults x\n  default-server fall 7\n\n" + HEAD
    old = head + "backend one from x\n  server a 10.0.0.1:80\n"
    (change,) = changes(old, old + "  server b 10.0.0.2:80\n")
    assert change.after.servers["b"].options == ("fall", "7")


def test_any_edit_is_found_as_comparing_everything_would_find_it() -> None:
    """The texts are compared from both ends; wherever the difference lies, the outcome is that of a full comparison."""
    dice = random.Random(7)
    lines = TEXT.split("\n")
    for _ in range(2000):
        new = lines.copy()
        for _ in range(dice.randint(1, 3)):
            at = dice.randrange(len(new))
            if dice.random() < 0.5:
                del new[at]
            else:
                new.insert(at, dice.choice([*lines, "  server z 10.9.9.9:9", "backend z"]))
        assert _outcome("\n".join(lines), "\n".join(new)) == _outcome_of_all("\n".join(lines), "\n".join(new))


def _outcome(old: str, new: str) -> object:
    try:
        return servers(old, new)
    except ReloadNeeded:
        return "reload"


def _outcome_of_all(old: str, new: str) -> object:
    """The same, by looking at every section of both texts."""
    from lbgen.haproxy.parse import parse

    before, after = parse(old), parse(new)
    titles = [[(each.kind, each.name) for each in config.sections] for config in (before, after)]
    if titles[0] != titles[1]:
        return "reload"
    found = {}
    for one, other in zip(before.sections, after.sections, strict=True):
        if [each.raw for each in one.directives] == [each.raw for each in other.directives]:
            continue
        kept = [[each.raw for each in section.directives if each.keyword != "server"] for section in (one, other)]
        if one.kind not in {"backend", "listen"} or kept[0] != kept[1]:
            return "reload"
        names = [[each.values[0] for each in section.named("server")] for section in (one, other)]
        found[other.name] = tuple(list(dict.fromkeys(each)) for each in names)
    return found
