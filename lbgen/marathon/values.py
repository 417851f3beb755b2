"""What a label's text may be: from text to typed values, refusing what could leave its place in the output.

Every function takes the text of a label and raises ValueError in words. Texts that end up in the output are read the
way HAProxy will read them: they must start and end outside of quotes, on one line, and hold no comment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.haproxy.words import plain_value_problem
from lbgen.marathon.limits import MOST_NAMES
from lbgen.model.service import Auth
from lbgen.regex import regex
from lbgen.render.override import ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Iterable

_TRUE = frozenset({"true", "t", "yes", "y"})
# What a base-64 crypt hash, a path or a list of words is made of needs no second look.
_HARMLESS = regex(r"[A-Za-z0-9._:/,*=+@ -]*")


def verbatim(text: str) -> str:
    """The text, if it stays one value where nothing is quoted."""
    if not _HARMLESS.fullmatch(text):
        _refuse(text, plain_value_problem(text, quoted=False))
    return text


def quoted(text: str) -> str:
    """The text, if it stays one value between double quotes."""
    if not _HARMLESS.fullmatch(text):
        _refuse(text, plain_value_problem(text, quoted=True))
    return text


# HAProxy makes other characters of these, after everything that was looked at here.
_ESCAPE = regex(r"\\[xnrt]")


def _refuse(text: str, problem: str | None) -> None:
    if problem is None and (found := _ESCAPE.search(text)):
        problem = f"'{found[0]}', which HAProxy would read as another character"
    if problem is not None:
        raise ValueError(f"holds {problem}")


def words(text: str) -> str:
    """One or several words, pasted as they are."""
    return verbatim(text)


def _refuse_too_many(count: int, what: str) -> None:
    if count > MOST_NAMES:
        raise ValueError(f"names {count:,} {what}; at most {MOST_NAMES:,} are taken")


def boolean(text: str) -> bool:
    """True for true, t, yes and y, in any case; everything else is false, `1` and `on` included."""
    return text.lower() in _TRUE


def integer(text: str) -> int:
    """A whole number, in every spelling that Python's int() takes."""
    try:
        return int(text)
    except ValueError:
        raise ValueError(f'should be a whole number, is "{text:.60}"') from None


def names(text: str) -> tuple[str, ...]:
    """Names by commas; nothing is trimmed, and an empty text is one empty name."""
    return tuple(text.split(","))


def mode(text: str) -> str:
    """The mode, lower-cased; what HAProxy does not know is passed on."""
    return verbatim(text.lower())


def auth(text: str) -> Auth:
    """Realm, user and password; the first is written between quotes."""
    parts = text.split(":")
    if len(parts) != 3:
        raise ValueError(f"should be realm:user:password-hash, has {len(parts)} {_parts(parts)} instead of 3")
    return Auth(quoted(parts[0]), verbatim(parts[1]), verbatim(parts[2]))


def _parts(parts: list[str]) -> str:
    return "part" if len(parts) == 1 else "parts between colons"


def vhosts(text: str) -> tuple[str, ...]:
    """Host names by commas, lower-cased and untrimmed; an empty text is no host."""
    hosts = text.lower()
    _refuse_in_vhost(hosts)
    if not hosts:
        return ()
    _refuse_too_many(hosts.count(",") + 1, "hosts")
    return tuple(hosts.split(",")) if "," in hosts else (hosts,)


_HOSTS = regex(r"[a-z0-9._*,-]*")
_NOT_IN_HOSTS = regex(r"[^\w.*:/, -]")
_MOST_OF_A_NAME = 253


def _refuse_in_vhost(hosts: str) -> None:
    # A host stands between `{ }` on 443, in a log format with PROXYPASS, in a regular expression with REVPROXY.
    longest = max(map(len, hosts.split(",")))
    if longest > _MOST_OF_A_NAME:
        raise ValueError(f"holds a name of {longest} characters; host names have {_MOST_OF_A_NAME} at the most")
    if _HOSTS.fullmatch(hosts) and not hosts.startswith("-") and ",-" not in hosts:
        return
    verbatim(hosts)
    if found := _NOT_IN_HOSTS.search(hosts):
        raise ValueError(f"holds '{found[0]}', which no host name has")
    if flag := _first_flag(hosts.replace(",", " ").split()):
        raise ValueError(f"holds '{flag}', which HAProxy would take for an option of the ACL")


def _first_flag(found: Iterable[str]) -> str | None:
    return next((word for word in found if word.startswith("-")), None)


# These make an ACL read its patterns from a file of the load balancer.
_FROM_FILE = frozenset({"-f", "-M", "-u"})
_MOST_WORDS = 50
"""HAProxy takes 64 words in a line."""


def _patterns(text: str) -> str:
    verbatim(text)
    found = text.split()
    if flag := next((word for word in found if word in _FROM_FILE), None):
        raise ValueError(f"holds '{flag}', which would read a file of the load balancer")
    if len(found) > _MOST_WORDS:
        raise ValueError(f"holds {len(found)} words; HAProxy takes some {_MOST_WORDS} in a line")
    return text


def networks(text: str) -> str:
    """Networks by blanks; each is written into a line of its own."""
    verbatim(text)
    found = text.split()
    _refuse_too_many(len(found), "networks")
    if flag := next((word for word in found if word in _FROM_FILE), None):
        raise ValueError(f"holds '{flag}', which would read a file of the load balancer")
    return text


def path(text: str) -> str:
    """What stands behind `path_beg`: options and path prefixes."""
    return _patterns(text)


def location(text: str) -> str:
    """Where a redirect leads to: HAProxy evaluates `%[...]` in it, which may not ask for its environment."""
    verbatim(text)
    if ENVIRONMENT.search(text):
        raise ValueError("asks for the load balancer's environment")
    return text


def pattern(text: str) -> str:
    """A text that is pasted into a quoted regular expression or its replacement."""
    return quoted(text)
