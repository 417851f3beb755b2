"""A Lua script that registers what a configuration uses of scripts that are not here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.haproxy.parse import Config, Directive

_CALL = regex(r"(?P<before>,|(?<![\w./-]))lua\.(?P<name>[\w.-]+)")
_CONTEXTS = {
    "http-request": "http-req",
    "http-response": "http-res",
    "http-after-response": "http-after-res",
    "tcp-request": "tcp-req",
    "tcp-response": "tcp-res",
}
_CONDITIONS = frozenset({"if", "unless"})
_SERVICE = 'core.register_service("{name}", "{mode}", function(applet) end)'
_ACTION = 'core.register_action("{name}", {{ {contexts} }}, function(txn) end, {count})'
_CONVERTER = 'core.register_converters("{name}", function(value) return value end)'
_FETCH = 'core.register_fetches("{name}", function(txn) return "" end)'


def lua_stub(config: Config, present: str = "") -> str:
    """The script; `present` is the text of the scripts that are here: names quoted in it are left to them."""
    lines: dict[str, None] = {}
    actions: dict[str, tuple[set[str], int]] = {}
    for directive in config.directives():
        if "lua." not in directive.raw:
            continue
        for kind, name, count in _uses(directive):
            if f'"{name}"' in present or f"'{name}'" in present:
                continue
            if kind in _CONTEXTS.values():
                contexts, most = actions.setdefault(name, (set(), 0))
                actions[name] = (contexts | {kind}, max(most, count))
            else:
                lines[kind.format(name=name, mode="tcp" if directive.keyword.startswith("tcp") else "http")] = None
    for name, (contexts, count) in actions.items():
        quoted = ", ".join(f'"{context}"' for context in sorted(contexts))
        lines[_ACTION.format(name=name, contexts=quoted, count=count)] = None
    return "".join(f"{line}\n" for line in lines)


def _uses(directive: Directive) -> Iterator[tuple[str, str, int]]:
    """What the line uses: the template that registers it or an action's context, its name, an action's arguments."""
    values = directive.values
    start = 1 if directive.keyword.startswith("tcp-") else 0
    rule = values[start : start + 1]
    context = _CONTEXTS.get(directive.keyword)
    action = context is not None and bool(rule) and rule[0].startswith("lua.")
    if action and context is not None:
        arguments = values[start + 1 :]
        count = next((index for index, word in enumerate(arguments) if word in _CONDITIONS), len(arguments))
        yield context, rule[0].removeprefix("lua."), count
    service = rule == ("use-service",)
    first = service or action
    for call in _CALL.finditer(" ".join(values)):
        if first:
            if service:
                yield _SERVICE, call["name"], 0
            first = False
        else:
            yield (_CONVERTER if call["before"] else _FETCH), call["name"], 0
