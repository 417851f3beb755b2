"""The backend of a service: its pieces in their order, its checks, its servers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fleets import CHECK, about, app, generate, section, task

SERVER = "server 10_0_0_1_31001 10.0.0.1:31001 id 26814"
EVERYTHING = {
    "VHOST": "a.x",
    "USE_HSTS": "true",
    "HTTP_BACKEND_PROXYPASS_PATH": "/p",
    "HTTP_BACKEND_REVPROXY_PATH": "/r",
    "HTTP_BACKEND_REDIR": "/d",
    "BACKEND_NETWORK_ALLOWED_ACL": "10.0.0.0/8 1.2.3.4",
    "STICKY": "true",
}
HEADERS = [
    "option forwardfor",
    "http-request set-header X-Forwarded-Port %[dst_port]",
    "http-request add-header X-Forwarded-Proto https if { ssl_fc }",
]
REDIR = [
    "acl is_root path -i /",
    "acl is_domain hdr(host) -i a.x",
    "redirect code 301 location /d if is_domain is_root",
]
NETWORKS = ["acl network_allowed src 10.0.0.0/8", "acl network_allowed src 1.2.3.4"]
ALLOW = ["http-request allow if network_allowed", "http-request deny"]
CHECKED = ["option httpchk GET /h", "timeout check 2s"]
TAIL = [
    "cookie mesosphere_server_id insert indirect nocache",
    *CHECKED,
    f"{SERVER} check cookie 5618f9873c check inter 5s fall 4",
]


def backend(labels: dict[str, str], *, dialect: str = "marathon-lb", **fields: Any) -> list[str]:
    return section("backend a_10001", app("/a", labels, **fields), dialect=dialect)


def test_everything_at_once_as_marathon_lb_has_it() -> None:
    assert backend(EVERYTHING, healthChecks=[CHECK]) == [
        "balance roundrobin",
        "mode http",
        "rspadd Strict-Transport-Security:\\ max-age=15768000",
        *HEADERS,
        "http-request set-header Host a.x",
        'reqirep "^([^ :]*)\\ /p/?(.*)" "\\1\\ /\\2"',
        "acl hdr_location res.hdr(Location) -m found",
        'rspirep "^Location: (https?://a.x(:[0-9]+)?)?(/.*)" "Location: /r" if hdr_location',
        *REDIR,
        *NETWORKS,
        *ALLOW,
        *TAIL,
    ]


def test_everything_at_once_for_haproxy_of_today() -> None:
    assert backend(EVERYTHING, healthChecks=[CHECK], dialect="portable") == [
        "balance roundrobin",
        "mode http",
        "http-response add-header Strict-Transport-Security max-age=15768000",
        *HEADERS,
        "http-request set-header Host a.x",
        'http-request replace-path "(?i)^/p/?(.*)" "/\\1"',
        'http-response replace-header Location "(?i)^(https?://a.x(:[0-9]+)?)?(/.*)" "/r"',
        *NETWORKS,
        *ALLOW,
        *REDIR,
        *TAIL,
    ]


class TestMode:
    def check(self, protocol: str, **more: Any) -> list[dict[str, Any]]:
        return [CHECK | {"protocol": protocol} | more]

    @pytest.mark.parametrize(
        ("labels", "protocol", "mode"),
        [
            ({}, None, "tcp"),
            ({"VHOST": "a.x"}, None, "http"),
            ({}, "HTTP", "http"),
            ({}, "MESOS_HTTP", "tcp"),
            ({}, "HTTPS", "tcp"),
            ({"MODE": "tcp"}, "HTTP", "tcp"),
            ({"MODE": "HTTP"}, "TCP", "http"),
            ({"MODE": "health"}, None, "health"),
        ],
    )
    def test_follows_label_check_and_vhost(self, labels: dict[str, str], protocol: str | None, mode: str) -> None:
        checks = self.check(protocol) if protocol else []
        assert backend(labels, healthChecks=checks)[1] == f"mode {mode}"

    def test_that_haproxy_does_not_know_is_written_and_nothing_else_for_it(self) -> None:
        labels = {"MODE": "health", "BACKEND_NETWORK_ALLOWED_ACL": "10.0.0.0/8", "USE_HSTS": "true"}
        assert backend(labels, healthChecks=[CHECK]) == ["balance roundrobin", "mode health", SERVER]


class TestChecks:
    @pytest.mark.parametrize(
        ("labels", "protocol", "lines"),
        [
            ({"MODE": "http"}, "HTTP", CHECKED),
            ({"MODE": "http"}, "COMMAND", CHECKED),
            ({"MODE": "http"}, "TCP", []),
            ({"MODE": "http"}, "MESOS_TCP", []),
            ({"MODE": "tcp"}, "HTTP", []),
        ],
    )
    def test_are_requests_in_http_mode_only(self, labels: dict[str, str], protocol: str, lines: list[str]) -> None:
        made = backend(labels, healthChecks=[CHECK | {"protocol": protocol}])
        assert [line for line in made if line in CHECKED] == lines
        assert made[-1] == f"{SERVER} check inter 5s fall 4"

    def test_of_a_port_belong_to_every_service_that_is_reached(self) -> None:
        checks = [CHECK | {"protocol": "TCP", "port": 9999, "portIndex": None}, CHECK | {"portIndex": 1}]
        fleet = app("/a", {}, 10001, 10002, healthChecks=checks)
        for header in ("backend a_10001", "backend a_10002"):
            assert section(header, fleet)[-1].endswith("check inter 5s fall 4 port 9999")

    def test_of_another_service_leave_this_one_alone(self) -> None:
        assert backend({}, healthChecks=[CHECK | {"portIndex": 1}])[-1] == SERVER

    def test_without_a_path_ask_for_the_root(self) -> None:
        check = {key: value for key, value in CHECK.items() if key != "path"}
        assert "option httpchk GET /" in backend({"MODE": "http"}, healthChecks=[check])

    @pytest.mark.parametrize("missing", ["timeoutSeconds", "intervalSeconds", "maxConsecutiveFailures", "protocol"])
    def test_that_lack_something_leave_the_app_out(self, missing: str) -> None:
        check = {key: value for key, value in CHECK.items() if key != missing}
        result = generate(app("/a", {"MODE": "http"}, healthChecks=[check]), app("/b", {}, 10002))
        assert [each.app for each in result.findings if each.rule == "bad-health-check"] == ["/a"]
        assert [service.app.id for service in result.services] == ["/b"]

    @pytest.mark.parametrize("member", ["maxConsecutiveFailures", "timeoutSeconds", "port"])
    def test_of_numbers_that_nobody_can_write_leave_the_app_out(self, member: str) -> None:
        bad = app("/a", {"MODE": "http"}, healthChecks=[CHECK | {member: int("9" * 4300)}])
        result = generate(bad, app("/b", {}, 10002))
        assert about(result, "bad-health-check") == [f"the health check's {member} is too large"]
        assert [service.app.id for service in result.services] == ["/b"]


class TestCheckPortIndex:
    def labels(self, value: str, **more: str) -> dict[str, str]:
        return {"HAPROXY_0_BACKEND_HEALTHCHECK_PORT_INDEX": value} | {f"HAPROXY_0_{k}": v for k, v in more.items()}

    def servers(self, value: str, checks: list[dict[str, Any]]) -> str:
        return section("backend a_10009", app("/a", self.labels(value), 10009, 10001, healthChecks=checks))[-1]

    TCP = CHECK | {"protocol": "TCP"}

    @pytest.mark.parametrize(
        ("value", "options"),
        [
            ("0", "check inter 5s fall 4 port 31002"),
            ("1", "check inter 5s fall 4 port 31001"),
            ("-2", "check inter 5s fall 4 port 31002"),
            ("3", "check inter 5s fall 4 port 31001"),
        ],
    )
    def test_is_a_rank_by_service_port(self, value: str, options: str) -> None:
        assert self.servers(value, [self.TCP]).endswith(f"id 26814 {options}")

    def test_one_past_the_last_leaves_the_app_out(self) -> None:
        result = generate(app("/a", self.labels("2"), 10009, 10001, healthChecks=[self.TCP]), app("/b"))
        (message,) = about(result, "bad-port-index")
        assert message.endswith("2 is none of the app's 2 services, which count from 0 by service port")

    def test_without_a_check_of_its_own_borrows_the_others_and_its_mode(self) -> None:
        borrowed = [CHECK | {"protocol": "MESOS_HTTP", "portIndex": 1, "path": "/x"}]
        fleet = app("/a", self.labels("1", MODE="tcp"), 10001, 10002, healthChecks=borrowed)
        made = section("backend a_10001", fleet)
        assert made[1] == "mode http"
        assert "option httpchk GET /x" in made
        assert made[-1].endswith("check inter 5s fall 4 port 31002")


class TestNetworks:
    def test_are_enforced_in_tcp_mode_too(self) -> None:
        assert backend({"BACKEND_NETWORK_ALLOWED_ACL": "10.0.0.0/8"})[2:5] == [
            "acl network_allowed src 10.0.0.0/8",
            "tcp-request content accept if network_allowed",
            "tcp-request content reject",
        ]

    def test_of_an_empty_label_are_none(self) -> None:
        assert backend({"BACKEND_NETWORK_ALLOWED_ACL": ""}) == ["balance roundrobin", "mode tcp", SERVER]

    def test_of_blanks_allow_nobody(self) -> None:
        assert backend({"BACKEND_NETWORK_ALLOWED_ACL": " "})[2:4] == [
            "tcp-request content accept if network_allowed",
            "tcp-request content reject",
        ]


def test_hostnames_of_a_list_stay_a_list_and_none_is_a_word() -> None:
    labels = {"MODE": "http", "HTTP_BACKEND_PROXYPASS_PATH": "/p"}
    assert "http-request set-header Host None" in backend(labels)
    assert "http-request set-header Host a.x,b.x" in backend(labels | {"VHOST": "A.x,b.x"})


def test_draining_servers_are_disabled_behind_their_checks() -> None:
    labels = {"HAPROXY_DEPLOYMENT_GROUP": "a", "HAPROXY_0_STICKY": "true"}
    new = app("/a-2", labels, instances=1)
    old = app("/a-1", labels, instances=1, tasks=[task("10.0.0.2")])
    assert section("backend a_10001", new, old)[3:] == [
        f"{SERVER} check cookie 5618f9873c",
        "server 10_0_0_2_31001 10.0.0.2:31001 id 426 check cookie f7959a404f disabled",
    ]
