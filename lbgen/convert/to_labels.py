"""From services to `edgelb.*` labels of their apps: one group for each door."""

from __future__ import annotations

from itertools import chain, count
from typing import TYPE_CHECKING

from lbgen.convert.doors import HTTP, HTTPS, SERVICE
from lbgen.convert.judging import template_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lbgen.convert.doors import ConvertOptions, Moving, Route

PREFIX = "edgelb."
_DEFAULT_TEMPLATE = "default"
_NAMES = ("delimiter", "item_delimiter", "key_delimiter")
_USUAL = ",|:"
_OTHERS = ";!~^*=@"
Dictionary = list[tuple[str, str]]
"""The members of a dictionary, in the order in which they are written."""
Group = dict[str, str | list[Dictionary]]
"""The labels of a group by name: texts, or lists of dictionaries that are still to be joined."""


def labels_of(services: Sequence[Moving], spared: Sequence[Route], options: ConvertOptions) -> dict[str, str]:
    """The labels of an app, whose services these are; `spared` is what a redirect leaves alone. Empty for no door."""
    groups = {each.group(door): _group(each, door, spared, options) for each in services for door in each.doors}
    if not groups:
        return {}
    template = template_names(next(each for each in services if each.doors), options)[0]
    delimiters = _delimiters(groups.values())
    made = {"expose": "true", **({} if template == _DEFAULT_TEMPLATE else {"template": template})}
    made |= {name: chosen for name, chosen, usual in zip(_NAMES, delimiters, _USUAL, strict=True) if chosen != usual}
    for group, values in groups.items():
        made |= {f"{group}.{name}": _text(value, delimiters) for name, value in values.items()}
    return {f"{PREFIX}{name}": value for name, value in made.items()}


def certificates(moving: Moving, door: str, options: ConvertOptions) -> tuple[str, ...]:
    """The certificates of a door: secrets, or the automatic one."""
    if door == HTTPS:
        return tuple(dict.fromkeys(port_443(options)))
    return moving.secrets if door == SERVICE else ()


def port_443(options: ConvertOptions) -> Iterator[str]:
    """The certificates of port 443, by the names of their secrets."""
    from lbgen.edgelb.auto_value import secret_file

    for file in options.ssl_certs:
        yield options.certificates.get(file) or secret_file(file.rpartition("/")[2].removesuffix(".pem"))


def _group(moving: Moving, door: str, spared: Sequence[Route], options: ConvertOptions) -> Group:
    service = moving.service
    http = service.mode == "http"
    made: Group = {} if http else {"frontend.protocol": "TCP"}
    if door == SERVICE:
        made["frontend.port"] = str(moving.port)
    if names := certificates(moving, door, options):
        made["frontend.certificates"] = [[(name, "")] for name in names]
    if door in {HTTP, HTTPS}:
        made["frontend.rules"] = [_conditions("hostEq", route) for route in moving.routes]
    if door == HTTP and service.redirect_to_https:
        made["frontend.redirectToHttps"] = [_conditions("host", route) for route in spared]
    return made | _backend(moving)


def _backend(moving: Moving) -> Group:
    service, static = moving.service, moving.static
    http = service.mode == "http"
    made: Group = {}
    if "BALANCE" in service.labels and service.balance:
        made["backend.balance"] = service.balance
    if static is None and service.index and moving.port_name is not None:
        made["backend.portName"] = moving.port_name
    if static is not None:
        made |= {"backend.protocol": "HTTPS"} if static.tls else {}
        host, port, rest = static.servers[0]
        address = [("type", "ADDRESS"), ("address", host), ("port", str(port))]
        made["backend.endpoint"] = [[*address, *([("miscStr", rest)] if rest else [])]]
    if http and service.proxypass_path and service.proxypass_path.startswith("/"):
        made["backend.rewriteHttp.path"] = [[(service.proxypass_path, "/")]]
    if http and service.sticky:
        made["backend.rewriteHttp.sticky"] = ""
    return made


def _conditions(key: str, route: Route) -> Dictionary:
    return [(key, route.host), *([("pathBeg", route.path)] if route.path else [])]


def _delimiters(groups: Iterable[Group]) -> list[str]:
    """What separates items, members, and keys from values: the usual characters where no value holds them."""
    values = [value for group in groups for value in group.values() if not isinstance(value, str)]
    pairs = [pair for dictionaries in values for dictionary in dictionaries for pair in dictionary]
    keys = " ".join(key for key, _ in pairs)
    everything = " ".join([keys, *(value for _, value in pairs)])
    chosen: list[str] = []
    # A value may hold what separates it from its key; a key may not.
    for usual, held in zip(_USUAL, (everything, everything, keys), strict=True):
        candidates = chain(usual, _OTHERS, ("~" * length for length in count(2)))
        chosen.append(next(each for each in candidates if each not in held and _differs(each, chosen)))
    return chosen


def _differs(candidate: str, chosen: Sequence[str]) -> bool:
    return not any(candidate in other or other in candidate for other in chosen)


def _text(value: str | list[Dictionary], delimiters: Sequence[str]) -> str:
    """The value of a label; a key without a value is an item of its own."""
    if isinstance(value, str):
        return value
    items, members, key = delimiters
    return items.join(
        members.join(f"{name}{key}{inside}" if inside else name for name, inside in each) for each in value
    )
