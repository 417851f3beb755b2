"""Which texts are hashes that HAProxy can compare a password with."""

from __future__ import annotations

from lbgen.regex import regex

_CHARACTERS = "[./0-9A-Za-z]"
_HASHES = regex(
    rf"\$6\$(?:rounds=[0-9]+\$)?[^$:]{{0,16}}\${_CHARACTERS}{{86}}"
    rf"|\$5\$(?:rounds=[0-9]+\$)?[^$:]{{0,16}}\${_CHARACTERS}{{43}}"
    rf"|\$1\$[^$:]{{0,8}}\${_CHARACTERS}{{22}}"
    rf"|\$2[abxy]?\$[0-9]{{2}}\${_CHARACTERS}{{53}}"
    rf"|\$(?:y|gy|7|sha1|md5)[$,].{{20,}}"
    rf"|_{_CHARACTERS}{{19}}"
    rf"|{_CHARACTERS}{{13}}"
)
_STRANGERS = (
    (regex(r"\$apr1\$"), "Apache's own hash, which HAProxy does not know"),
    (regex(r"\{[A-Z0-9]+\}"), "a hash of LDAP's, which HAProxy does not know"),
    (regex(r"\$(?:1|2[abxy]?|5|6)\$"), "the beginning of a hash: some of it is missing, or too much is there"),
)


def problem_of(text: str) -> str | None:
    """What the text is in place of a crypt hash, in a few words that do not repeat it; None where it is one."""
    if _HASHES.fullmatch(text):
        return None
    found = next((words for pattern, words in _STRANGERS if pattern.match(text)), None)
    return found or ("a password in clear text, or something else that is no crypt hash" if text else "empty")
