"""Stand-ins for Lua scripts that are not here."""

import pytest

from lbgen.check.luastub import lua_stub
from lbgen.haproxy.parse import parse


@pytest.mark.parametrize(
    ("line", "registered"),
    [
        ("http-request use-service lua.s if { path / }", ['core.register_service("s", "http", function(applet) end)']),
        ("tcp-request content use-service lua.s", ['core.register_service("s", "tcp", function(applet) end)']),
        ("http-request lua.a", ['core.register_action("a", { "http-req" }, function(txn) end, 0)']),
        ("http-response lua.a x y unless z", ['core.register_action("a", { "http-res" }, function(txn) end, 2)']),
        ("tcp-request content lua.a x", ['core.register_action("a", { "tcp-req" }, function(txn) end, 1)']),
        ("acl x lua.f(1) -m found", ['core.register_fetches("f", function(txn) return "" end)']),
        ("http-request set-header X %[src,lua.c]", ['core.register_converters("c", function(value) return value end)']),
        ("http-request deny # lua.not", []),
        ("http-request deny if { path /lua.html }", []),
    ],
)
def test_what_a_line_uses_is_registered(line: str, registered: list[str]) -> None:
    assert lua_stub(parse(f"frontend f\n  {line}\n")).splitlines() == registered


def test_an_action_is_registered_once_for_all_its_uses() -> None:
    text = "frontend f\n http-request lua.a x\n http-response lua.a\n http-request lua.a y\n"
    stub = 'core.register_action("a", { "http-req", "http-res" }, function(txn) end, 1)\n'
    assert lua_stub(parse(text)) == stub


def test_names_that_a_script_at_hand_holds_are_left_to_it() -> None:
    text = "frontend f\n http-request use-service lua.one\n http-request use-service lua.two\n"
    assert '"one"' not in lua_stub(parse(text), 'core.register_service("one", "http", f)')
    assert '"two"' in lua_stub(parse(text), 'core.register_service("one", "http", f)')
