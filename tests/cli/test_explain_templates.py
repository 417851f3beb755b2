"""`lbgen explain-templates`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.command import Ended

    Run = Callable[..., Ended]

SHOP = {
    "id": "/shop",
    "instances": 1,
    "labels": {
        "HAPROXY_GROUP": "external",
        "HAPROXY_0_VHOST": "shop.example.org",
        "HAPROXY_0_PATH": "/x",
        "HAPROXY_0_HTTP_FRONTEND_ACL": "  use_backend {backend}\n",
        "HAPROXY_0_BACKEND_HTTP_OPTIONS": "  option forwardfor\n",
        "HAPROXY_1_MAP_HTTPS_FRONTEND_ACL": "",
    },
    "portDefinitions": [{"port": 10080}, {"port": 0}],
}


@pytest.fixture
def shop(tmp_path: Path) -> str:
    """A file with the shop."""
    (tmp_path / "shop.json").write_text(json.dumps(SHOP))
    return "shop.json"


def test_every_service_is_shown_in_the_order_of_the_file(run: Run, shop: str, tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "HAPROXY_BACKEND_HEAD").write_text("backend {backend}\n  mode {mode}\n")

    ended = run("explain-templates", shop)

    assert (ended.err, ended.status) == ("", 0)
    assert ended.out == (
        "/shop\n"
        "  port index 0, service port 10080, backend shop_10080\n"
        "    80        HTTP_FRONTEND_ACL_WITH_PATH        built in\n"
        "    9091      HTTP_FRONTEND_APPID_ACL            built in\n"
        "    443       HTTPS_FRONTEND_ACL_ONLY_WITH_PATH  built in\n"
        "    443       HTTPS_FRONTEND_ACL_WITH_PATH       built in\n"
        "    frontend  FRONTEND_HEAD                      built in\n"
        "    frontend  FRONTEND_BACKEND_GLUE              built in\n"
        "    backend   BACKEND_HEAD                       templates/HAPROXY_BACKEND_HEAD\n"
        "    backend   BACKEND_HTTP_OPTIONS               label HAPROXY_0_BACKEND_HTTP_OPTIONS\n"
        "    backend   BACKEND_SERVER_OPTIONS             built in\n"
        "    not used:\n"
        "      HAPROXY_0_HTTP_FRONTEND_ACL: the service has a path and one vhost; in use: HTTP_FRONTEND_ACL_WITH_PATH\n"
        "  port index 1, service port yet to be chosen\n"
        "    frontend  FRONTEND_HEAD           built in\n"
        "    frontend  FRONTEND_BACKEND_GLUE   built in\n"
        "    backend   BACKEND_HEAD            templates/HAPROXY_BACKEND_HEAD\n"
        "    backend   BACKEND_SERVER_OPTIONS  built in\n"
        "    not used:\n"
        "      HAPROXY_1_MAP_HTTPS_FRONTEND_ACL: no label replaces the rules of the map; in use: HTTPS_FRONTEND_ACL\n"
    )


def test_as_json(run: Run, shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAPROXY_FRONTEND_HEAD", "frontend {backend}\\n")

    ended = run("explain-templates", "--format", "json", "--dont-bind-http-https", shop)

    assert (ended.err, ended.status) == ("", 0)
    made = json.loads(ended.out)
    first = made["apps"][0]["services"][0]
    assert {**made, "apps": [app["id"] for app in made["apps"]]} == {"version": 1, "apps": ["/shop"]}
    assert (first["index"], first["port"], first["backend"]) == (0, 10080, "shop_10080")
    assert first["templates"] == [
        written("9091", "HTTP_FRONTEND_APPID_ACL"),
        written("frontend", "FRONTEND_HEAD", "operator", "environment variable HAPROXY_FRONTEND_HEAD"),
        written("frontend", "FRONTEND_BACKEND_GLUE"),
        written("backend", "BACKEND_HEAD"),
        written("backend", "BACKEND_HTTP_OPTIONS", "label", "HAPROXY_0_BACKEND_HTTP_OPTIONS"),
        written("backend", "BACKEND_SERVER_OPTIONS"),
    ]
    reason = "nothing is written for 80 and 443"
    assert first["unused"] == [{"label": "HAPROXY_0_HTTP_FRONTEND_ACL", "reason": reason, "instead": []}]


def written(place: str, template: str, source: str = "built in", name: str | None = None) -> dict[str, Any]:
    """A template as JSON has it."""
    return {"place": place, "template": template, "from": source, "name": name}


def test_what_cannot_be_read_is_told_and_the_rest_is_shown(run: Run, shop: str, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{")
    bad = SHOP | {"id": "/bad", "labels": {"HAPROXY_0_PORT": "https"}, "portDefinitions": [{"port": 10081}]}
    (tmp_path / "worse.json").write_text(json.dumps(bad))

    ended = run("explain-templates", shop, "worse.json", "bad.json")

    assert "HAPROXY_0_PORT should be a whole number" in ended.err
    assert "bad.json:1:2: error[invalid-json]" in ended.err
    assert "\n/bad\n  port index 0, service port 10081, backend bad_10081\n" in ended.out
    assert ended.status == 1


def test_nothing_to_explain_is_an_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{")

    ended = run("explain-templates", "bad.json")

    assert (ended.out, ended.status) == ("", 2)


def test_a_directory_that_is_none_is_refused(run: Run, shop: str) -> None:
    ended = run("explain-templates", "--templates", "nowhere", shop)

    assert ended == ("", "lbgen: error: --templates: nowhere is no directory\n", 2)


def test_redirects_that_spare_the_routes_of_others_are_told(run: Run, tmp_path: Path) -> None:
    acme = {
        "id": "/acme",
        "labels": {"HAPROXY_0_VHOST": "a.example.org", "HAPROXY_0_PATH": "/.well-known"},
        "portDefinitions": [{"port": 10001}],
    }
    site = {
        "id": "/site",
        "labels": {"HAPROXY_0_VHOST": "a.example.org", "HAPROXY_0_REDIRECT_TO_HTTPS": "true"},
        "portDefinitions": [{"port": 10002}],
    }
    (tmp_path / "apps.json").write_text(json.dumps([acme, site]))

    portable = run("explain-templates", "apps.json").out
    product = run("explain-templates", "--dialect", "marathon-lb", "apps.json").out

    assert "    80        PORTABLE_SPARED_PATH             built in\n" in portable
    assert "    80        PORTABLE_REDIRECT_HTTP_TO_HTTPS  built in\n" in portable
    assert "    80        BACKEND_REDIRECT_HTTP_TO_HTTPS  built in\n" in product
