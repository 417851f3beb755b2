"""Balance algorithms: which ones a version of HAProxy accepts, with which arguments.

Found by asking HAProxy 2.2, 2.6, 3.0 and 3.2. What stands behind an algorithm without arguments is ignored.
"""

from __future__ import annotations

import re

from lbgen.regex import regex

_BARE = {
    "roundrobin": (2, 2),
    "static-rr": (2, 2),
    "leastconn": (2, 2),
    "first": (2, 2),
    "source": (2, 2),
    "sticky": (3, 0),
}
_WITH_ARGUMENTS = {
    "uri": regex(r"uri(?: (?:whole|path-only|(?:len|depth) [1-9][0-9]*))*"),
    "url_param": regex(r"url_param \S+(?: check_post(?: .*)?)?"),
    "hdr": regex(r"hdr\([^()]+\)\S*(?: use_domain_only.*)?"),
    "random": regex(r"random(?:\([1-9][0-9]*\)|\(\))?(?: .*)?"),
    "rdp-cookie": regex(r"rdp-cookie(?:\([^()]+\))?(?: .*)?"),
    "hash": regex(r"hash .+"),
}
_HASH_SINCE = (2, 6)
_FORMS = {
    "uri": "uri takes whole, path-only, len and depth with a number behind them",
    "url_param": "url_param takes the name of a parameter, and check_post behind it",
    "hdr": "hdr takes the name of a header, as in hdr(Host)",
    "random": "random takes a number, as in random(2)",
    "rdp-cookie": "rdp-cookie takes the name of a cookie, as in rdp-cookie(mstshash)",
    "hash": "hash takes an expression, as in hash src",
}
_IN_HTTP_ONLY = regex(r"(?:uri|url_param|hdr)\b.*")


def algorithms(version: tuple[int, int]) -> list[str]:
    """The names of the algorithms that this version knows."""
    bare = [name for name, since in _BARE.items() if version >= since]
    return sorted([*bare, *(name for name in _WITH_ARGUMENTS if name != "hash" or version >= _HASH_SINCE)])


def problem_of(text: str, version: tuple[int, int]) -> str | None:
    """Why this version refuses the words behind `balance`, in words; None where it takes them."""
    words = " ".join(text.split())
    name = re.split(r"[ (]", words, maxsplit=1)[0]
    if name not in algorithms(version):
        since = _BARE.get(name) or (_HASH_SINCE if name == "hash" else None)
        known = f", but from {since[0]}.{since[1]} on" if since else ""
        return f'"{name:.40}" is no balance algorithm of HAProxy {version[0]}.{version[1]}{known}'
    form = _WITH_ARGUMENTS.get(name)
    wrong = words.split(" ")[0] != name if form is None else not form.fullmatch(words)
    if not wrong:
        return None
    return f'"{words:.60}" is refused: {_FORMS.get(name, f"{name} takes nothing")}'


def nearest(text: str, version: tuple[int, int]) -> str | None:
    """The algorithm that was meant, where it is likely which."""
    from difflib import get_close_matches

    spelled = re.split(r"[ (]", text.strip().lower().replace("_", "-"), maxsplit=1)[0]
    aliases = {"url-param": "url_param", "round-robin": "roundrobin", "rr": "roundrobin", "least-conn": "leastconn"}
    aliases |= {"leastconnection": "leastconn", "least-connections": "leastconn", "ip-hash": "source"}
    if spelled in aliases:
        return aliases[spelled]
    return next(iter(get_close_matches(spelled, algorithms(version), n=1, cutoff=0.7)), None)


def needs_http(text: str) -> bool:
    """Whether HAProxy falls back to round robin with these words in tcp mode, with a warning."""
    return _IN_HTTP_ONLY.fullmatch(text.strip()) is not None
