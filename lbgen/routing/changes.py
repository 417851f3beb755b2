"""Rules that change a request on its way: headers, path, method, variables, the client's address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.routing.converters import filled
from lbgen.routing.judging import formatted, sample_of
from lbgen.routing.matching import regular
from lbgen.routing.values import Unknown, address_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lbgen.routing.state import State

    Change = Callable[[State, tuple[str, ...]], None]


def change(words: tuple[str, ...], state: State, *, certain: bool) -> bool:
    """Does what the action says to the request; whether it is an action that changes requests at all.

    What is changed under a condition that cannot be judged cannot be told any more.
    """
    name, _, inside = words[0].partition("(")
    if inside:
        words = (name, inside.removesuffix(")"), *words[1:])
    found = _CHANGES.get(name)
    if found is None or len(words) < 2:
        return False
    before = state.copy()
    found(state, words[1:])
    if not certain:
        _forget(before, state, f'what "{" ".join(words)[:60]}" makes of it')
    return True


def _forget(before: State, after: State, why: str) -> None:
    """Everything that the two have not in common becomes unknown."""
    unknown = Unknown(why)
    if before.target != after.target:
        after.target = unknown
    if before.method != after.method:
        after.method = unknown
    if before.client != after.client:
        after.client = unknown
    for name in before.headers.keys() | after.headers.keys():
        if before.headers.get(name) != after.headers.get(name):
            after.headers[name] = unknown
    for name in before.variables.keys() | after.variables.keys():
        if before.variables.get(name) != after.variables.get(name):
            after.variables[name] = unknown


def _set_path(state: State, words: tuple[str, ...]) -> None:
    if not isinstance(state.target, Unknown):
        path, mark = formatted(words[0], state), state.target.partition("?")[1]
        state.target = path if isinstance(path, Unknown) else f"{path}{mark}{state.query}"


def _set_target(state: State, words: tuple[str, ...]) -> None:
    state.target = formatted(words[0], state)


def _set_query(state: State, words: tuple[str, ...]) -> None:
    query, path = formatted(words[0], state), state.path
    if isinstance(path, Unknown) or isinstance(query, Unknown):
        state.target = path if isinstance(path, Unknown) else query
    else:
        state.target = f"{path}?{query}" if query else path


def _replace_path(state: State, words: tuple[str, ...]) -> None:
    if not isinstance(state.target, Unknown):
        path, mark, query = state.target.partition("?")
        after = _replaced(path, words, state)
        state.target = after if isinstance(after, Unknown) else f"{after}{mark}{query}"


def _replace_target(state: State, words: tuple[str, ...]) -> None:
    if not isinstance(state.target, Unknown):
        state.target = _replaced(state.target, words, state)


def _replaced(text: str, words: tuple[str, ...], state: State) -> str | Unknown:
    """What takes the text's place where the expression is found in it: all of it is replaced, not the part found."""
    pattern = regular(words[0], ignore_case=False)
    if pattern is None or len(words) < 2:
        return Unknown(f'"{words[0]:.60}" as a regular expression')
    match = pattern.search(text)
    if match is None:
        return text
    template = formatted(words[1], state)
    return template if isinstance(template, Unknown) else filled(template, match)


def _set_header(state: State, words: tuple[str, ...]) -> None:
    value = formatted(words[1], state) if len(words) > 1 else ""
    state.headers[words[0].lower()] = value if isinstance(value, Unknown) else [value]


def _add_header(state: State, words: tuple[str, ...]) -> None:
    value = formatted(words[1], state) if len(words) > 1 else ""
    before = state.header(words[0])
    if isinstance(before, Unknown) or isinstance(value, Unknown):
        state.headers[words[0].lower()] = Unknown(f"what is added to the header {words[0]}")
    else:
        state.headers[words[0].lower()] = [*before, value]


def _del_header(state: State, words: tuple[str, ...]) -> None:
    if len(words) > 1 and words[1] == "-m":
        for name in state.headers:
            state.headers[name] = Unknown(f"whether a header like {words[0]} is deleted")
    else:
        state.headers.pop(words[0].lower(), None)


def _replace_header(state: State, words: tuple[str, ...]) -> None:
    before = state.header(words[0])
    if isinstance(before, Unknown) or not before:
        return
    after = [_replaced(value, words[1:], state) if len(words) > 2 else value for value in before]
    known = [value for value in after if isinstance(value, str)]
    state.headers[words[0].lower()] = known if len(known) == len(after) else Unknown(f"the header {words[0]}")


def _replace_value(state: State, words: tuple[str, ...]) -> None:
    if state.header(words[0]):
        state.headers[words[0].lower()] = Unknown(f"what becomes of the values of {words[0]}")


def _set_method(state: State, words: tuple[str, ...]) -> None:
    state.method = formatted(words[0], state)


def _set_variable(state: State, words: tuple[str, ...]) -> None:
    name, _, conditions = words[0].partition(",")
    sample = sample_of(words[1], state) if len(words) > 1 else None
    state.variables[name.strip()] = Unknown(f"the conditions of {name}") if conditions else sample


def _set_variable_text(state: State, words: tuple[str, ...]) -> None:
    name, _, conditions = words[0].partition(",")
    sample = formatted(words[1], state) if len(words) > 1 else None
    state.variables[name.strip()] = Unknown(f"the conditions of {name}") if conditions else sample


def _unset_variable(state: State, words: tuple[str, ...]) -> None:
    state.variables[words[0].strip()] = None


def _set_client(state: State, words: tuple[str, ...]) -> None:
    sample = sample_of(words[0], state)
    if sample is None or isinstance(sample, Unknown):
        state.client = sample if sample is not None else state.client
    else:
        state.client = address_of(sample) or state.client


_CHANGES: Mapping[str, Change] = {
    "set-path": _set_path,
    "set-pathq": _set_target,
    "set-uri": _set_target,
    "set-query": _set_query,
    "replace-path": _replace_path,
    "replace-pathq": _replace_target,
    "replace-uri": _replace_target,
    "set-header": _set_header,
    "add-header": _add_header,
    "del-header": _del_header,
    "replace-header": _replace_header,
    "replace-value": _replace_value,
    "set-method": _set_method,
    "set-var": _set_variable,
    "set-var-fmt": _set_variable_text,
    "unset-var": _unset_variable,
    "set-src": _set_client,
}
