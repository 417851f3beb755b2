"""Marathon-LB's labels as labels of Edge-LB: a group for port 80, one for port 443, one for the service port."""

from __future__ import annotations

from typing import Any

import pytest

from lbgen.pipeline.auto_pools import LabelledInputs, from_labels
from lbgen.pipeline.inputs import from_values
from tests.edgelb.converting import app, converted, labels_of, remarks

TCP = {
    "expose": "true",
    "web_10001.frontend.protocol": "TCP",
    "web_10001.frontend.port": "10001",
}
HTTP = {
    "expose": "true",
    "web_10001.frontend.port": "10001",
}
VHOST = {
    "expose": "true",
    "web_0_http.frontend.rules": "hostEq:web.example.org",
    "web_0_https.frontend.certificates": "$AUTOCERT",
    "web_0_https.frontend.rules": "hostEq:web.example.org",
    "web_10001.frontend.port": "10001",
}


def test_a_service_port_stays_what_it_is() -> None:
    assert labels_of(app()) == TCP
    assert remarks(converted(app())) == []


def test_an_http_service_port_is_one() -> None:
    assert labels_of(app(MODE="http")) == HTTP
    assert remarks(converted(app(MODE="http"))) == []


def test_a_vhost_stays_on_80_and_on_443_and_on_the_service_port() -> None:
    assert labels_of(app(VHOST="Web.Example.org")) == VHOST
    assert remarks(converted(app(VHOST="web.example.org"))) == []


@pytest.mark.parametrize(
    ("labels", "rules"),
    [
        ({"VHOST": "a.org,b.org"}, "hostEq:a.org,hostEq:b.org"),
        ({"VHOST": "a.org", "PATH": "/x"}, "hostEq:a.org|pathBeg:/x"),
        ({"VHOST": "a.org", "PATH": "/x /y"}, "hostEq:a.org|pathBeg:/x,hostEq:a.org|pathBeg:/y"),
        (
            {"VHOST": "a.org,b.org", "PATH": "/x"},
            "hostEq:a.org|pathBeg:/x,hostEq:b.org|pathBeg:/x",
        ),
        ({"VHOST": " a.org , ,a.org"}, "hostEq:a.org"),
    ],
)
def test_there_is_a_rule_for_each_vhost_and_path(labels: dict[str, str], rules: str) -> None:
    made = labels_of(app(**labels))

    assert made["web_0_http.frontend.rules"] == made["web_0_https.frontend.rules"] == rules


@pytest.mark.parametrize(
    ("labels", "name", "value"),
    [
        ({"BALANCE": "leastconn"}, "web_10001.backend.balance", "leastconn"),
        ({"PORT": "8080"}, "web_8080.frontend.port", "8080"),
        ({"MODE": "http", "STICKY": "true"}, "web_10001.backend.rewriteHttp.sticky", ""),
        ({"MODE": "http", "SSL_CERT": "/etc/ssl/cert.pem"}, "web_10001.frontend.certificates", "$AUTOCERT"),
        ({"MODE": "http", "SSL_CERT": "/certs/shop.pem"}, "web_10001.frontend.certificates", "shop"),
        (
            {"MODE": "http", "HTTP_BACKEND_PROXYPASS_PATH": "/app"},
            "web_10001.backend.rewriteHttp.path",
            "/app:/",
        ),
    ],
)
def test_labels_with_a_counterpart(labels: dict[str, str], name: str, value: str) -> None:
    assert labels_of(app(**labels))[name] == value


def test_another_port_than_the_first_goes_by_its_name() -> None:
    made = labels_of(app("/web", 10001, 10002))

    assert "web_10001.backend.portName" not in made
    assert made["web_10002.backend.portName"] == "port1"


@pytest.mark.parametrize(
    ("group", "options", "template"),
    [
        ("external", {}, None),
        ("internal", {}, "internal"),
        ("external", {"name": "dobby"}, "dobby"),
        ("internal,external", {"groups": ("external",)}, None),
        ("internal,external", {"groups": ("internal",)}, "internal"),
    ],
)
def test_the_group_is_the_template(group: str, options: dict[str, Any], template: str | None) -> None:
    assert labels_of(app(HAPROXY_GROUP=group), **options).get("template") == template


def test_only_the_apps_of_the_groups_that_are_asked_for() -> None:
    apps = [app("/a"), app("/b", 10002, HAPROXY_GROUP="internal"), app("/c", 10003, HAPROXY_GROUP="")]

    assert [each.app.id for each in converted(*apps).apps] == ["/a", "/b"]
    assert [each.app.id for each in converted(*apps, groups=("internal",)).apps] == ["/b"]
    assert [each.app.id for each in converted(*apps, groups=("*",)).apps] == ["/a", "/b", "/c"]


def test_nothing_to_convert_is_told() -> None:
    made = converted({"id": "/a", "labels": {}})

    assert [finding.rule for finding in made.findings] == ["no-app-in-group"]
    assert made.apps == []


def test_a_redirect_spares_the_hosts_of_other_apps() -> None:
    redirecting = app(VHOST="web.example.org", REDIRECT_TO_HTTPS="true")
    other = app("/other", 10002, VHOST="other.example.org", PATH="/x")

    made = labels_of(redirecting, other)
    assert made["web_0_http.frontend.redirectToHttps"] == "host:other.example.org|pathBeg:/x"
    assert "web_0_https.frontend.redirectToHttps" not in made


def test_values_with_the_usual_delimiters_get_others() -> None:
    made = labels_of(app(VHOST="a.org", PATH="/a,b|c:d"))

    assert made["delimiter"] == ";"
    assert made["item_delimiter"] == "!"
    assert "key_delimiter" not in made
    assert made["web_0_http.frontend.rules"] == "hostEq:a.org!pathBeg:/a,b|c:d"


def test_a_server_that_a_template_names_becomes_an_address() -> None:
    template = "  server api api.example.org:6443 ssl verify none\n"
    made = labels_of(app(MODE="http", BACKEND_SERVER_OPTIONS=template))

    assert made["web_10001.backend.protocol"] == "HTTPS"
    assert made["web_10001.backend.endpoint"] == "type:ADDRESS|address:api.example.org|port:6443"


def test_a_server_that_is_verified_keeps_its_options() -> None:
    template = "  server api api.example.org:6443 check ssl verify required ca-file /ca.pem\n"
    made = labels_of(app(MODE="http", BACKEND_SERVER_OPTIONS=template))

    assert "web_10001.backend.protocol" not in made
    assert made["web_10001.backend.endpoint"].endswith("|port:6443|miscStr:ssl verify required ca-file /ca.pem")


def test_a_service_port_that_is_hidden_stays_hidden() -> None:
    made = converted(app(VHOST="a.org", FRONTEND_HEAD="", FRONTEND_BACKEND_GLUE=""))

    assert remarks(made) == []
    assert not any("10001" in label for label in made.apps[0].labels)


def test_what_is_not_enabled_does_not_go_over() -> None:
    made = labels_of(app("/web", 10001, 10002, ENABLED="false"))

    assert [key for key in made if key.endswith("frontend.port")] == ["web_10002.frontend.port"]


def test_colours_of_one_app_share_its_groups() -> None:
    blue, green = (app(f"/web-{colour}", HAPROXY_DEPLOYMENT_GROUP="web", VHOST="a.org") for colour in ("blue", "green"))
    made = converted(blue, green)

    assert made.apps[0].labels == made.apps[1].labels
    assert "edgelb.web_0_http.frontend.rules" in made.apps[0].labels
    assert all("HAPROXY_DEPLOYMENT_GROUP" in remark for remark in remarks(made))


@pytest.mark.parametrize(
    "labels",
    [
        {},
        {"MODE": "http"},
        {"VHOST": "a.org,b.org"},
        {"VHOST": "a.org", "PATH": "/x,y|z"},
        {"VHOST": "a.org", "BALANCE": "source", "SSL_CERT": "/etc/ssl/cert.pem"},
        {"VHOST": "a.org", "STICKY": "true", "REDIRECT_TO_HTTPS": "true"},
        {"VHOST": "a.org", "HTTP_BACKEND_PROXYPASS_PATH": "/p", "HTTP_BACKEND_REVPROXY_PATH": "/p"},
    ],
)
def test_the_labels_make_an_auto_pool_without_a_complaint(labels: dict[str, str]) -> None:
    apps = [app(**labels), app("/zz", 10002, VHOST="zz.org")]
    made = converted(*apps)
    for each, value in zip(made.apps, apps, strict=True):
        value["labels"] |= each.labels

    again = from_labels(LabelledInputs(from_values("apps.json", apps)))
    assert again.findings == []
    assert [pool.name for pool in again.pools] == ["auto-default"]
