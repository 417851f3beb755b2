"""Rules that end a request: denials, logins, redirects, answers of HAProxy's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.routing.answer import Kind, Outcome
from lbgen.routing.judging import formatted
from lbgen.routing.values import Unknown, number_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lbgen.routing.state import State

    Ending = Callable[[Sequence[str], State], Outcome]

ALLOWING = frozenset({"allow", "accept"})
"""Actions after which the rules behind them, of the same kind, are not looked at."""


def ending(words: Sequence[str], state: State) -> Outcome | None:
    """How the action ends the request; None where it does not."""
    name = words[0]
    found = _ENDINGS.get(name)
    if found is not None:
        return found(words[1:], state)
    if name.startswith("lua."):
        return Outcome(Kind.UNKNOWN, detail=f"what {name} does")
    if name == "switch-mode":
        return Outcome(Kind.UNKNOWN, detail="what happens in http mode")
    return None


def redirected(words: Sequence[str], state: State, *, plain: bool = False) -> Outcome:
    """Where the redirect that these words describe leads to; with `plain`, a `%[..]` in them is no expression."""
    options = _Options(words)
    status = number_of(options.values.get("code", "302")) or 302
    place = _place(options, state, plain=plain)
    return Outcome(Kind.REDIRECTED, status, None if isinstance(place, Unknown) else place)


class _Options:
    """The words of a redirect: what it changes, and how."""

    def __init__(self, words: Sequence[str]) -> None:
        self.values: dict[str, str] = {}
        self.flags: set[str] = set()
        at = 0
        while at < len(words):
            if words[at] in {"location", "prefix", "scheme", "code", "set-cookie", "clear-cookie"}:
                self.values[words[at]] = words[at + 1] if at + 1 < len(words) else ""
                at += 2
            else:
                self.flags.add(words[at])
                at += 1


def _place(options: _Options, state: State, *, plain: bool) -> str | Unknown:
    values = options.values
    said = values.get("location", values.get("scheme", values.get("prefix", "")))
    start = said if plain else formatted(said, state)
    if "location" in values or isinstance(start, Unknown) or isinstance(state.target, Unknown):
        return start if isinstance(state.target, str) or "location" in values else Unknown("the path")
    rest = state.target.partition("?")[0] if "drop-query" in options.flags else state.target
    if "append-slash" in options.flags and not rest.endswith("/"):
        rest += "/"
    if "scheme" in values:
        hosts = state.header("host")
        return hosts if isinstance(hosts, Unknown) else f"{start}://{hosts[0] if hosts else ''}{rest}"
    # A prefix of "/" means that there is none.
    return rest if start == "/" else start + rest


def _deny(words: Sequence[str], state: State) -> Outcome:  # noqa: ARG001 - whatever the state is
    return Outcome(Kind.DENIED, _status(words, 403))


def _tarpit(words: Sequence[str], state: State) -> Outcome:  # noqa: ARG001 - whatever the state is
    return Outcome(Kind.DENIED, _status(words, 500), "after the timeout of a tarpit")


def _return(words: Sequence[str], state: State) -> Outcome:  # noqa: ARG001 - whatever the state is
    return Outcome(Kind.ANSWERED, _status(words, 200), "an answer of its own")


def _status(words: Sequence[str], usual: int) -> int:
    for index, word in enumerate(words[:-1]):
        if word in {"deny_status", "status"}:
            return number_of(words[index + 1]) or usual
    return usual


def _login(words: Sequence[str], state: State) -> Outcome:
    """A login, for which HAProxy takes the name of the section where no realm is given."""
    realm = words[1] if len(words) > 1 and words[0] == "realm" else state.proxy.name
    return Outcome(Kind.LOGIN, 401, realm)


def _service(words: Sequence[str], state: State) -> Outcome:  # noqa: ARG001 - whatever the state is
    return Outcome(Kind.ANSWERED, None, f"the service {words[0] if words else ''}")


def _closed(words: Sequence[str], state: State) -> Outcome:  # noqa: ARG001 - whatever the state is
    return Outcome(Kind.CLOSED)


_ENDINGS: Mapping[str, Ending] = {
    "deny": _deny,
    "block": _deny,
    "tarpit": _tarpit,
    "return": _return,
    "auth": _login,
    "redirect": redirected,
    "use-service": _service,
    "reject": _closed,
    "silent-drop": _closed,
}
