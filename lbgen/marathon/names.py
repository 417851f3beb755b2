"""Names in the output: backends, ACLs, servers and their numbers."""

from __future__ import annotations

import hashlib

from lbgen.marathon.limits import MOST_CHARACTERS_OF_ID
from lbgen.regex import regex

_UNCLEAN = regex(r"[^A-Za-z0-9-]")
# What HAProxy takes in the name of a section, and the slashes that become `_` there.
_NOT_IN_ID = regex(r"[^A-Za-z0-9._:/-]")


def id_problem(app_id: str) -> str | None:
    """Why no section can be named after this app id, or None where one can."""
    if len(app_id) > MOST_CHARACTERS_OF_ID:
        return f"is {len(app_id):,} characters long; at most {MOST_CHARACTERS_OF_ID:,} are taken"
    found = _NOT_IN_ID.search(app_id)
    if found is None:
        return None
    char = f"'{found[0]}'" if found[0].isprintable() and found[0] != " " else f"the character U+{ord(found[0]):04X}"
    return f"holds {char}; the names that HAProxy takes are made of letters, digits, and . _ : -"


def clean(text: str) -> str:
    """The text with everything but letters, digits and `-` made `_`."""
    return _UNCLEAN.sub("_", text)


def backend_name(app_id: str, port: int) -> str:
    """The name of the backend of an app's service port."""
    return f"{app_id[1:].replace('/', '_')}_{port}"


def host_acl_name(vhost: str, app_id: str) -> str:
    """What the ACLs for a vhost of an app are called, without their prefix."""
    return f"{clean(vhost)}_{app_id[1:].replace('/', '_')}"


def server_name(host: str, address: str, port: int) -> str:
    """The name of a server: its host, its address if that is another, its port."""
    return clean(f"{address}_{port}" if host == address else f"{host}_{address}_{port}")


def cookie_value(server: str) -> str:
    """What the cookie says for this server."""
    return hashlib.sha1(server.encode(), usedforsecurity=False).hexdigest()[:10]


def server_id(name: str, taken: set[int]) -> int:
    """A number from 1 to 32766 for the server, by hash, that is not yet `taken`; it is added there."""
    while True:
        digest = hashlib.sha256(name.encode()).hexdigest()
        number = int(digest, 16) % 32767
        if number and number not in taken:
            taken.add(number)
            return number
        name = f"{name} {digest}"
