"""What lets somebody in, and what is shown in its place."""

from __future__ import annotations

from lbgen.regex import regex

HIDDEN = "[hidden]"
_SECRETS = (
    # user:password@host of a URL, where the password may hold an @, too
    (regex(r"(?<=://)[^/\s@:]*:[^/\s'\"]*@"), f"{HIDDEN}@"),
    # what a header or a cookie proves itself with
    (regex(r"(?i)\b(basic|bearer|negotiate|token=)\s*[A-Za-z0-9._~+/=-]{6,}"), rf"\1 {HIDDEN}"),
    # hashes of crypt(3)
    (regex(r"\$(?:1|2[abxy]?|5|6|y)\$[A-Za-z0-9./$=,-]{8,}"), HIDDEN),
    # a user of a list, as HAProxy says it back
    (regex(r"(?i)\b((?:insecure-)?password|passwd|secret|private_key|api[-_]?key)(['\"]?\s*[:=]?\s*['\"]?)[^\s'\",]+"),
     rf"\1\2{HIDDEN}"),
    # the value of a label that holds a password
    (regex(r"(HAPROXY_(?:\d+_)?AUTH\S*?)(['\"]?\s*[:=]\s*)(?:['\"](?=[^'\"\s]*:)[^'\"]*['\"]|(?=\S*:\S)\S+)"),
     rf"\1\2{HIDDEN}"),
)  # fmt: skip


def without_secrets(text: str) -> str:
    """The text with everything hidden that looks as if it let somebody in."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text
