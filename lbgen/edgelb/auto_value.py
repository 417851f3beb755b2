"""The JSON value of an auto pool, in the order in which Edge-LB 1.7 sorts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.edgelb.auto_frontends import specificity
from lbgen.edgelb.auto_services import services, traced
from lbgen.edgelb.label_values import AUTO_CERTIFICATE, CONDITIONS, EXCEPTIONS
from lbgen.edgelb.traced import From
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lbgen.edgelb.auto_frontends import Entry, Frontend, Rule
    from lbgen.edgelb.auto_groups import Wish
    from lbgen.edgelb.label_values import Part

_CERTIFICATES, _REDIRECT, _RULES = "frontend.certificates", "frontend.redirectToHttps", "frontend.rules"
_BALANCE, _PATH, _STICKY = "backend.balance", "backend.rewriteHttp.path", "backend.rewriteHttp.sticky"
_NOT_IN_FILES = regex(r"[^a-zA-Z0-9_-]")


def pool_value(template: str, frontends: Sequence[Frontend]) -> dict[str, Any]:
    """The pool of a template, traced; the frontends come sorted by port."""
    entries = sorted((entry for each in frontends for entry in each.entries), key=lambda entry: entry.wish.order)
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.group, []).append(entry)
    names = {part.value for _, part in certificates(entries)}
    secrets = [_secret(entries, name) for name in sorted(names - {AUTO_CERTIFICATE})]
    return {
        "apiVersion": "V2",
        "name": f"auto-{template}",
        "count": 1,
        **({"autoCertificate": True} if AUTO_CERTIFICATE in names else {}),
        **({"secrets": secrets} if secrets else {}),
        "haproxy": {
            "stats": {"bindPort": 0},
            "frontends": [_frontend(frontend) for frontend in frontends],
            "backends": [_backend(group, groups[group]) for group in sorted(groups)],
        },
    }


def certificates(entries: Iterable[Entry]) -> Iterator[tuple[Wish, Part]]:
    """Each certificate that is named, and by which wish."""
    return ((entry.wish, part) for entry in entries for part in entry.wish.values.get(_CERTIFICATES, ()))


def secret_file(name: str) -> str:
    """The file that a secret becomes: its name, in the few characters that are allowed there."""
    return _NOT_IN_FILES.sub("_", name.lstrip("._-/"))


def _secret(entries: Sequence[Entry], name: str) -> From:
    wish, part = next(found for found in certificates(entries) if found[1].value == name)
    return From({"secret": name, "file": secret_file(name)}, wish.origin(_CERTIFICATES, part.piece))


def _frontend(frontend: Frontend) -> From:
    first = frontend.entries[0].wish
    made: dict[str, Any] = {
        "bindPort": From(frontend.port, first.origin("frontend.port")),
        "protocol": From(frontend.protocol, first.origin("frontend.protocol")),
    }
    named = {
        _certificate(part.value): traced(wish, _CERTIFICATES, part) for wish, part in certificates(frontend.entries)
    }
    if named:
        made["certificates"] = [From(text, named[text].origin) for text in sorted(named)]
    if redirecting := frontend.labelled(_REDIRECT):
        made["redirectToHttps"] = From({"except": _exceptions(redirecting)}, redirecting[0].origin(_REDIRECT))
    return From({**made, "linkBackend": _links(frontend)}, first.origin())


def _certificate(name: str) -> str:
    return name if name == AUTO_CERTIFICATE else f"$SECRETS/{secret_file(name)}"


def _exceptions(wishes: Iterable[Wish]) -> list[From]:
    made: dict[tuple[str, ...], From] = {}
    for wish in wishes:
        for found in wish.values[_REDIRECT]:
            texts = tuple(found[key].value if key in found else "" for key in EXCEPTIONS)
            if texts not in made:
                made[texts] = _conditions(wish, _REDIRECT, found, EXCEPTIONS)
    return [made[texts] for texts in sorted(made)]


def _conditions(wish: Wish, label: str, found: Rule, keys: Iterable[str], **more: str) -> From:
    value = {key: traced(wish, label, found[key]) for key in keys if key in found}
    return From({**value, **more}, wish.origin(label))


def _links(frontend: Frontend) -> dict[str, Any]:
    made: dict[tuple[Any, ...], From] = {}
    links: dict[str, Any] = {}
    for entry in frontend.entries:
        for rule in entry.rules:
            place = (specificity(rule), entry.group)
            made.setdefault(place, _conditions(entry.wish, _RULES, rule, CONDITIONS, backend=entry.group))
        if not entry.rules:
            links["defaultBackend"] = entry.group
    return {**links, **({"map": [made[place] for place in sorted(made)]} if made else {})}


def _backend(group: str, entries: Sequence[Entry]) -> From:
    first = entries[0].wish
    made: dict[str, Any] = {
        "name": group,
        "protocol": From(entries[0].backend_protocol, first.origin("backend.protocol")),
    }
    if _BALANCE in first.values:
        made["balance"] = traced(first, _BALANCE, first.values[_BALANCE])
    if rewrite := _rewrite(first):
        made["rewriteHttp"] = rewrite
    return From({**made, "services": services(entry.wish for entry in entries)}, first.origin())


def _rewrite(wish: Wish) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if _PATH in wish.values:
        old, new = wish.values[_PATH]
        value = {"fromPath": traced(wish, _PATH, old), "toPath": traced(wish, _PATH, new)}
        made["path"] = From(value, wish.origin(_PATH))
    if _STICKY in wish.values:
        line = wish.values[_STICKY]
        own = {"customStr": traced(wish, _STICKY, line)} if line.value else {}
        made["sticky"] = From(own, wish.origin(_STICKY))
    return made
