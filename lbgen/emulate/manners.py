"""How a backend chooses among its servers, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lbgen.haproxy.parse import Section

_TURNS = "in turn"
_BALANCE = {
    "leastconn": "those with the fewest connections first",
    "first": "the first until it is full",
    "random": "at random",
    "source": "by the client's address",
    "uri": "by the path",
    "url_param": "by a parameter",
    "hdr": "by a header",
    "rdp-cookie": "by a cookie",
    "hash": "by a hash",
}


def manner(section: Section) -> str:
    """How the servers of the backend take turns, and whether a client stays with one."""
    balance = next((each.values[0] for each in section.named("balance") if each.values), "roundrobin")
    turns = _BALANCE.get(balance.partition("(")[0], _TURNS)
    cookie = next((each.values for each in section.named("cookie") if each.values), ())
    if cookie and {"insert", "rewrite", "prefix"} & set(cookie):
        return f"{turns}, kept by a cookie"
    return turns
