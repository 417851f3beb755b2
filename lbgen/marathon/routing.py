"""Which templates route a service's vhosts on 80 and 443: one row per case.

A case is (path, auth, redirect, several vhosts). A step is a template, and whether it is written once, or once per
vhost. Steps name templates without their `HTTP_FRONTEND_` or `HTTPS_FRONTEND_`, but for the redirects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.model.service import Service


class Case(NamedTuple):
    """What decides the choice."""

    path: bool
    auth: bool
    redirect: bool
    several: bool


class Step(NamedTuple):
    """A template to write; `less` are those of its placeholders that it does not have in this case."""

    template: str
    each_vhost: bool = False
    less: frozenset[str] = frozenset()


def _once(template: str, *, less: str = "") -> Step:
    return Step(template, False, frozenset(less.split()))


def _each(template: str, *, less: str = "") -> Step:
    return Step(template, True, frozenset(less.split()))


_H, _S = "HTTP_FRONTEND_", "HTTPS_FRONTEND_"
_REDIRECT = _once("BACKEND_REDIRECT_HTTP_TO_HTTPS")
_REDIRECT_PATH = _once("BACKEND_REDIRECT_HTTP_TO_HTTPS_WITH_PATH")
_PATH = _once(_H + "ACL_ONLY_WITH_PATH", less="cleanedUpHostname hostname")
_PATH_AND_AUTH = _once(_H + "ACL_ONLY_WITH_PATH_AND_AUTH")
_HOSTS = _each(_H + "ACL_ONLY")
_SINGLE_REDIRECT = (_once(_H + "ACL", less="appId"), _REDIRECT)
_SINGLE_REDIRECT_PATH = (
    _once(_H + "ACL_ONLY"),
    _once(_H + "ACL_ONLY_WITH_PATH"),
    _REDIRECT_PATH,
)

HTTP: Mapping[Case, tuple[Step, ...]] = {
    #    path   auth   redirect several
    Case(False, False, False, False): (_once(_H + "ACL"),),
    Case(False, False, False, True): (_HOSTS, _once(_H + "ROUTING_ONLY")),
    Case(False, False, True, False): _SINGLE_REDIRECT,
    Case(False, False, True, True): (_HOSTS, _REDIRECT),
    Case(False, True, False, False): (_once(_H + "ACL_WITH_AUTH"),),
    Case(False, True, False, True): (_HOSTS, _once(_H + "ROUTING_ONLY_WITH_AUTH")),
    Case(False, True, True, False): _SINGLE_REDIRECT,
    Case(False, True, True, True): (_HOSTS, _REDIRECT),
    Case(True, False, False, False): (_once(_H + "ACL_WITH_PATH"),),
    Case(True, False, False, True): (_PATH, _HOSTS, _once(_H + "ROUTING_ONLY_WITH_PATH")),
    Case(True, False, True, False): _SINGLE_REDIRECT_PATH,
    Case(True, False, True, True): (_PATH, _HOSTS, _REDIRECT_PATH),
    Case(True, True, False, False): (_once(_H + "ACL_WITH_AUTH_AND_PATH"),),
    Case(True, True, False, True): (_PATH_AND_AUTH, _HOSTS, _once(_H + "ROUTING_ONLY_WITH_PATH_AND_AUTH")),
    Case(True, True, True, False): _SINGLE_REDIRECT_PATH,
    Case(True, True, True, True): (_PATH_AND_AUTH, _HOSTS, _REDIRECT_PATH),
}

_S_PATH = _once(_S + "ACL_ONLY_WITH_PATH", less="cleanedUpHostname hostname realm")
_S_PATH_FOR_ALL = _once(_S + "ACL_ONLY_WITH_PATH")

HTTPS: Mapping[Case, tuple[Step, ...]] = {
    case: steps
    for redirect in (False, True)
    for case, steps in {
        #    path   auth            several
        Case(False, False, redirect, False): (_each(_S + "ACL"),),
        Case(False, False, redirect, True): (_each(_S + "ACL"),),
        Case(False, True, redirect, False): (_each(_S + "ACL_WITH_AUTH"),),
        Case(False, True, redirect, True): (_each(_S + "ACL_WITH_AUTH"),),
        Case(True, False, redirect, False): (_S_PATH, _each(_S + "ACL_WITH_PATH")),
        Case(True, False, redirect, True): (_S_PATH, _each(_S + "ACL_WITH_PATH")),
        Case(True, True, redirect, False): (_S_PATH, _each(_S + "ACL_WITH_AUTH_AND_PATH")),
        Case(True, True, redirect, True): (_S_PATH_FOR_ALL, _each(_S + "ACL_WITH_AUTH_AND_PATH", less="path")),
    }.items()
}

MAP_HTTP, MAP_HTTP_SEVERAL, MAP_HTTPS = "MAP_HTTP_FRONTEND_ACL", "MAP_HTTP_FRONTEND_ACL_ONLY", "MAP_HTTPS_FRONTEND_ACL"
MAP_APP_ID = "MAP_HTTP_FRONTEND_APPID_ACL"

OVERRIDDEN_BY: Mapping[str, str] = {
    name: name.removeprefix("MAP_") for name in (MAP_HTTP, MAP_HTTP_SEVERAL, MAP_HTTPS, MAP_APP_ID)
}
"""Templates of the maps are replaced by the labels of the plain ones."""


def case_of(service: Service) -> Case:
    """The row that the service falls under."""
    auth = service.auth is not None and bool(service.auth.realm)
    return Case(bool(service.path), auth, service.redirect_to_https, service.several_vhosts)


def in_map_for_http(case: Case) -> bool:
    """Whether port 80 finds the service in the map, where there is one."""
    return not (case.path or case.auth or case.redirect)


def in_map_for_https(case: Case) -> bool:
    """Whether port 443 finds the service in the map, where there is one."""
    return not (case.path or case.auth)
