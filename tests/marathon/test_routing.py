"""The case table of ports 80 and 443: one test for every row, with the directives that it writes."""

from __future__ import annotations

from itertools import product

import pytest

from lbgen.marathon.routing import HTTP as TABLE_80
from lbgen.marathon.routing import HTTPS as TABLE_443
from lbgen.marathon.routing import Case
from tests.fleets import HTTP, HTTPS, app, rules, sections, text

ACL_A, ACL_B = "acl host_a_x_web hdr(host) -i a.x", "acl host_a_x_web hdr(host) -i b.x"
ACL_PATH, ACL_AUTH = "acl path_web_10001 path_beg /p", "acl auth_a_x_web http_auth(user_web_10001)"
USE = "use_backend web_10001 if host_a_x_web"
USE_PATH = f"{USE} path_web_10001"
LOGIN = 'http-request auth realm "r" if host_a_x_web !auth_a_x_web'
LOGIN_PATH = 'http-request auth realm "r" if host_a_x_web path_web_10001 !auth_a_x_web'
REDIRECT = "redirect scheme https code 301 if !{ ssl_fc } host_a_x_web"
REDIRECT_PATH = f"{REDIRECT} path_web_10001"

ON_80: dict[tuple[str, int], list[str]] = {
    ("", 1): [ACL_A, USE],
    ("", 2): [ACL_A, ACL_B, USE],
    ("redirect", 1): [ACL_A, USE, REDIRECT],
    ("redirect", 2): [ACL_A, ACL_B, REDIRECT],
    ("auth", 1): [ACL_A, ACL_AUTH, LOGIN, USE],
    ("auth", 2): [ACL_A, ACL_B, ACL_AUTH, LOGIN, USE],
    ("auth redirect", 1): [ACL_A, USE, REDIRECT],
    ("auth redirect", 2): [ACL_A, ACL_B, REDIRECT],
    ("path", 1): [ACL_A, ACL_PATH, USE_PATH],
    ("path", 2): [ACL_PATH, ACL_A, ACL_B, USE_PATH],
    ("path redirect", 1): [ACL_A, ACL_PATH, REDIRECT_PATH],
    ("path redirect", 2): [ACL_PATH, ACL_A, ACL_B, REDIRECT_PATH],
    ("path auth", 1): [ACL_A, ACL_AUTH, ACL_PATH, LOGIN_PATH, USE_PATH],
    ("path auth", 2): [ACL_PATH, ACL_AUTH, ACL_A, ACL_B, LOGIN_PATH, USE_PATH],
    ("path auth redirect", 1): [ACL_A, ACL_PATH, REDIRECT_PATH],
    ("path auth redirect", 2): [ACL_PATH, ACL_AUTH, ACL_A, ACL_B, REDIRECT_PATH],
}

SNI_A, SNI_B = "if { ssl_fc_sni a.x }", "if { ssl_fc_sni b.x }"
USE_A, USE_B = f"use_backend web_10001 {SNI_A}", f"use_backend web_10001 {SNI_B}"
USE_PATH_A, USE_PATH_B = f"{USE_A} path_web_10001", f"{USE_B} path_web_10001"
LOGIN_A = f'http-request auth realm "r" {SNI_A} !auth_a_x_web'
LOGIN_B = f'http-request auth realm "r" {SNI_B} !auth_a_x_web'
LOGIN_PATH_A = f'http-request auth realm "r" {SNI_A} path_web_10001 !auth_a_x_web'
LOGIN_PATH_B = f'http-request auth realm "r" {SNI_B} path_web_10001 !auth_a_x_web'
# A redirect on 80 plays no part on 443.
ON_443: dict[tuple[str, int], list[str]] = {
    ("", 1): [USE_A],
    ("", 2): [USE_A, USE_B],
    ("auth", 1): [ACL_AUTH, LOGIN_A, USE_A],
    ("auth", 2): [ACL_AUTH, LOGIN_A, USE_A, ACL_AUTH, LOGIN_B, USE_B],
    ("path", 1): [ACL_PATH, USE_PATH_A],
    ("path", 2): [ACL_PATH, USE_PATH_A, USE_PATH_B],
    ("path auth", 1): [ACL_PATH, ACL_AUTH, LOGIN_PATH_A, USE_PATH_A],
    ("path auth", 2): [ACL_PATH, ACL_AUTH, LOGIN_PATH_A, USE_PATH_A, ACL_AUTH, LOGIN_PATH_B, USE_PATH_B],
}

LABELS = {"path": ("PATH", "/p"), "auth": ("AUTH", "r:joe:hash"), "redirect": ("REDIRECT_TO_HTTPS", "true")}


def labels(what: str, vhosts: int) -> dict[str, str]:
    return {"VHOST": "a.x,b.x"[: 3 if vhosts == 1 else None], **dict(LABELS[word] for word in what.split())}


@pytest.mark.parametrize(("what", "vhosts"), ON_80)
def test_port_80(what: str, vhosts: int) -> None:
    assert rules(HTTP, app("/web", labels(what, vhosts))) == ON_80[what, vhosts]


@pytest.mark.parametrize("redirect", ["", " redirect"])
@pytest.mark.parametrize(("what", "vhosts"), ON_443)
def test_port_443(what: str, vhosts: int, redirect: str) -> None:
    assert rules(HTTPS, app("/web", labels(what + redirect, vhosts))) == ON_443[what, vhosts]


def test_both_tables_have_a_row_for_every_case() -> None:
    cases = [Case(*each) for each in product([False, True], repeat=4)]
    assert sorted(TABLE_80) == sorted(TABLE_443) == cases
    assert len(ON_80) == 16
    assert len(ON_443) == 8


# The portable dialect says the same in the order in which HAProxy evaluates it.
ORDER = ("acl", "http-request", "redirect", "use_backend")


@pytest.mark.parametrize(("what", "vhosts"), ON_80)
def test_port_80_portable(what: str, vhosts: int) -> None:
    expected = sorted(ON_80[what, vhosts], key=lambda line: ORDER.index(line.split()[0]))
    assert rules(HTTP, app("/web", labels(what, vhosts)), dialect="portable") == expected


@pytest.mark.parametrize(("what", "vhosts"), ON_443)
def test_port_443_portable(what: str, vhosts: int) -> None:
    expected = sorted(ON_443[what, vhosts], key=lambda line: ORDER.index(line.split()[0]))
    assert rules(HTTPS, app("/web", labels(what, vhosts)), dialect="portable") == expected


class TestWeight:
    def order(self, *weights: tuple[str, dict[str, str]]) -> list[str]:
        fleet = [app(f"/{name}", {"VHOST": "w.x"} | more, 10001 + n) for n, (name, more) in enumerate(weights)]
        return [line.split()[1].partition("_")[0] for line in rules(HTTP, *fleet) if line.startswith("use_backend")]

    def test_puts_the_heavier_first(self) -> None:
        made = self.order(("a", {"BACKEND_WEIGHT": "-5"}), ("b", {}), ("c", {"BACKEND_WEIGHT": "1"}))
        assert made == ["c", "b", "a"]

    def test_is_1_for_a_path_and_cannot_be_0_then(self) -> None:
        made = self.order(("a", {}), ("b", {"PATH": "/p", "BACKEND_WEIGHT": "0"}), ("c", {"BACKEND_WEIGHT": "1"}))
        assert made == ["b", "c", "a"]

    def test_is_1_for_an_empty_path_too_which_makes_no_rule(self) -> None:
        assert self.order(("a", {}), ("b", {"PATH": ""})) == ["b", "a"]
        assert rules(HTTP, app("/web", {"VHOST": "a.x", "PATH": ""})) == ON_80["", 1]

    def test_leaves_equals_in_the_order_of_services(self) -> None:
        assert self.order(("b", {}), ("a", {})) == ["a", "b"]


class TestVhosts:
    def test_a_trailing_comma_makes_a_second_vhost_without_name(self) -> None:
        made = rules(HTTP, app("/web", {"VHOST": "a.x,"}))
        assert made == ["acl host_a_x_web hdr(host) -i a.x", "acl host_a_x_web hdr(host) -i", USE]

    def test_the_acl_is_named_after_the_first_vhost_and_the_app_without_its_port(self) -> None:
        labels = {"HAPROXY_0_VHOST": "a.x,b.x", "HAPROXY_1_VHOST": "a.x,admin.x"}
        assert rules(HTTP, app("/a", labels, 10001, 10002)) == [
            "acl host_a_x_a hdr(host) -i a.x",
            "acl host_a_x_a hdr(host) -i b.x",
            "use_backend a_10001 if host_a_x_a",
            "acl host_a_x_a hdr(host) -i a.x",
            "acl host_a_x_a hdr(host) -i admin.x",
            "use_backend a_10002 if host_a_x_a",
        ]

    def test_an_empty_realm_asks_for_no_password_and_an_empty_user_makes_no_list(self) -> None:
        assert rules(HTTP, app("/web", {"VHOST": "a.x", "AUTH": ":joe:hash"})) == ON_80["", 1]
        assert rules(HTTP, app("/web", {"VHOST": "a.x", "AUTH": "r::hash"})) == ON_80["auth", 1]

    def test_neither_frontend_is_there_where_they_are_not_to_be_bound(self) -> None:
        made = sections(text(app("/web", {"VHOST": "a.x"}), bind_http_https=False))
        assert not {HTTP, HTTPS} & set(made)
        assert made["frontend marathon_http_appid_in"][-1] == "use_backend web_10001 if app__web"
