"""What Edge-LB, or HAProxy, would refuse a pool for: one row each, with pointer and sentence."""

from __future__ import annotations

from typing import Any

import pytest

from tests.edgelb.pools import SERVICE, backend, frontend, load, pool, pool_v1, said, server_v1

F, B = "/haproxy/frontends/0", "/haproxy/backends/0"
S = f"{B}/services/0"
NAME_RULE = "small letters, digits and '-', with a letter or digit at both ends"


def service(**more: Any) -> dict[str, Any]:
    return pool(backends=[backend(services=[{**SERVICE, **more}])])


def endpoint(**more: Any) -> dict[str, Any]:
    return service(endpoint=more)


HEAD = [
    (pool(name=None), "/name", '"name" is missing'),
    (pool(name="-a"), "/name", f'"name" should be {NAME_RULE}, is "-a"'),
    (
        pool(namespace="a//b"),
        "/namespace",
        f'each part of "namespace" should be {NAME_RULE}, as in dcos-edgelb/pools',
    ),
    (pool(count=-1), "/count", '"count" should be 0 or more, is -1'),
    (pool(cpus=-0.1), "/cpus", '"cpus" should be 0 or more'),
    (pool(ports=[80, 65536]), "/ports/1", '"1" should be from 0 to 65535, is 65536'),
    (pool(type="dynamic"), "/type", '"type" should be static, template-static or template-dynamic, is "dynamic"'),
    (pool(poolHealthcheckTimeout=1), "/poolHealthcheckTimeout", '"poolHealthcheckTimeout" should be 2 or more, is 1'),
    (pool(secrets=[{"file": "a"}]), "/secrets/0/secret", '"secret" is missing'),
    (
        pool(secrets=[{"secret": "a", "file": "a.pem"}]),
        "/secrets/0/file",
        "\"file\" should be letters, digits, '_' and '-', a letter or digit in front, is \"a.pem\"",
    ),
    (
        pool(secrets=[{"secret": "a", "file": "a"}, {"secret": "a", "file": "b"}]),
        "/secrets/1/secret",
        "the secret a is taken already, by /secrets/0/secret",
    ),
    (
        pool(virtualNetworks=[{"name": "dcos"}, {"name": "dcos"}]),
        "/virtualNetworks/1/name",
        "the virtual network dcos is taken already, by /virtualNetworks/0/name",
    ),
    (pool(cloudProvider={"aws": {}}), "/cloudProvider/aws/elbs", '"elbs" needs at least one load balancer'),
    (
        pool(cloudProvider={"aws": {"elbs": [{"name": "a", "type": "ALB", "listeners": [{"linkFrontend": "x"}]}]}}),
        "/cloudProvider/aws/elbs/0/type",
        '"type" should be NLB, is "ALB"',
    ),
]
Row = tuple[dict[str, Any], str, str]

FRONTENDS: list[Row] = [
    ({"protocol": None}, f"{F}/protocol", '"protocol" is missing: HTTP, HTTPS, TCP or TLS'),
    ({"bindPort": 65536}, f"{F}/bindPort", '"bindPort" should be from 0 to 65535, is 65536'),
    ({"bindPort": 9090}, f"{F}/bindPort", "port 9090 is taken already, by /haproxy/stats/bindPort"),
    ({"bindAddress": "*"}, f"{F}/bindAddress", '"bindAddress" should be an IP address, is "*"'),
    ({"bindAddress": "[::]"}, f"{F}/bindAddress", '"bindAddress" should be an IP address, is "[::]"'),
    (
        {"bindAddress": "0.0.0.0:80,unix@/x"},
        f"{F}/bindAddress",
        '"bindAddress" should be an IP address, is "0.0.0.0:80,unix@/x"',
    ),
    ({"name": "a b"}, f"{F}/name", "\"name\" should be letters, digits, ':', '_', '.' and '-', is \"a b\""),
    (
        {"bindModifier": "ssl\nbind :1"},
        f"{F}/bindModifier",
        '"bindModifier" holds a line break; it is part of one line',
    ),
    (
        {"miscStrs": ["acl a src 1.2.3.4\nbackend x"]},
        f"{F}/miscStrs/0",
        '"miscStrs" holds a line break; it is one line',
    ),
    ({"miscStrs": ["backend x"]}, f"{F}/miscStrs/0", "\"miscStrs\" 'backend' would open a section of its own"),
    (
        {"miscStrs": ["lua-load /x"]},
        f"{F}/miscStrs/0",
        "\"miscStrs\" 'lua-load' belongs into the global section, which is the operator's",
    ),
    ({"miscStrs": ['acl a path "/x']}, f"{F}/miscStrs/0", '"miscStrs" cannot be read by HAProxy: unmatched quote'),
    ({"protocol": "HTTPS"}, f"{F}/certificates", '"certificates" are missing; HTTPS needs at least one'),
    (
        {"protocol": "HTTPS", "certificates": ["/etc/x.pem"]},
        f"{F}/certificates/0",
        '"/etc/x.pem" is no certificate: $AUTOCERT, $SECRETS/<file> and $ENVFILE/<name> are',
    ),
    (
        {"protocol": "HTTPS", "certificates": ["$AUTOCERT"], "redirectToHttps": {}},
        f"{F}/redirectToHttps",
        '"redirectToHttps" is for HTTP; this frontend speaks HTTPS',
    ),
    (
        {"linkBackend": {"map": [{"backend": "web"}]}},
        f"{F}/linkBackend/map/0",
        "the rule has no condition; what is for all requests is the defaultBackend",
    ),
    (
        {"linkBackend": {"map": [{"backend": "web", "pathBeg": "}"}]}},
        f"{F}/linkBackend/map/0/pathBeg",
        '"pathBeg" is a brace, which ends a condition',
    ),
    (
        {"linkBackend": {"map": [{"backend": "web", "hostReg": "*.a.org"}]}},
        f"{F}/linkBackend/map/0/hostReg",
        "\"*.a.org\" is no regular expression: '*' repeats nothing",
    ),
    (
        {"linkBackend": {"defaultBackend": "wep"}},
        f"{F}/linkBackend/defaultBackend",
        'there is no backend "wep"',
    ),
]
BACKENDS: list[Row] = [
    ({"protocol": "UDP"}, f"{B}/protocol", '"protocol" should be HTTP, HTTPS, TCP or TLS, is "UDP"'),
    ({"services": []}, f"{B}/services", '"services" needs at least one'),
    (
        {"protocol": "TCP"},
        f"{F}/linkBackend/defaultBackend",
        'a frontend of HTTP cannot hand requests to "web", which speaks TCP: HAProxy refuses it',
    ),
    ({"balance": "roundrobin # x"}, f"{B}/balance", "\"balance\" holds '#', which starts a comment"),
    ({"rewriteHttp": {"host": "a b"}}, f"{B}/rewriteHttp/host", '"host" holds a blank'),
    ({"rewriteHttp": {"host": "%H"}}, f"{B}/rewriteHttp/host", "\"host\" holds '%', which begins a format: write '%%'"),
    (
        {"rewriteHttp": {"path": {"fromPath": "/a\n"}}},
        f"{B}/rewriteHttp/path/fromPath",
        '"fromPath" holds a line break',
    ),
    (
        {"rewriteHttp": {"sticky": {"customStr": "frontend x"}}},
        f"{B}/rewriteHttp/sticky/customStr",
        "\"customStr\" 'frontend' would open a section of its own",
    ),
    (
        {"customCheck": {"httpchk": True, "httpchkMiscStr": "GET /\n"}},
        f"{B}/customCheck/httpchkMiscStr",
        '"httpchkMiscStr" holds a line break; it is part of one line',
    ),
]
SERVICES = [
    (service(marathon={}), S, "no task is chosen"),
    (
        service(marathon={}, mesos={"taskName": "a"}),
        f"{S}/mesos",
        'a task is chosen and no framework: "mesos" needs both',
    ),
    (
        service(marathon={"serviceIDPattern": "a("}),
        f"{S}/marathon/serviceIDPattern",
        "\"a(\" is no regular expression of Go's: a '(' is not closed",
    ),
    (
        service(marathon={"serviceIDPattern": "(?!a)"}),
        f"{S}/marathon/serviceIDPattern",
        '"(?!a)" is no regular expression of Go\'s: such a group is not known to Go, which cannot look around',
    ),
    (endpoint(), f"{S}/endpoint", "no port is chosen: a name, all of them, or a number"),
    (
        endpoint(type="VIP"),
        f"{S}/endpoint/type",
        '"type" should be AUTO_IP, AGENT_IP, CONTAINER_IP or ADDRESS, is "VIP"',
    ),
    (endpoint(port=70000), f"{S}/endpoint/port", '"port" should be from 0 to 65535, is 70000'),
    (
        endpoint(address="a", port=1),
        f"{S}/endpoint/address",
        '"address" is for the type ADDRESS; this one is AUTO_IP',
    ),
    (
        endpoint(type="ADDRESS", port=1),
        f"{S}/endpoint/address",
        '"address" is missing; a service of type ADDRESS is one',
    ),
    (endpoint(type="ADDRESS", address="a"), f"{S}/endpoint/port", "the port of the address is missing"),
    (
        endpoint(type="ADDRESS", address="unix@/run/x", port=1),
        f"{S}/endpoint/address",
        '"unix@/run/x" is no host name and no IP address',
    ),
    (
        endpoint(port=1, check={"customStr": "port 80 # "}),
        f"{S}/endpoint/check/customStr",
        "\"customStr\" holds '#', which starts a comment",
    ),
    (
        endpoint(port=1, miscStr="weight 1\n"),
        f"{S}/endpoint/miscStr",
        '"miscStr" holds a line break; it is part of one line',
    ),
]
V1 = f"{B}/servers/0"
OF_V1 = [
    (pool_v1(server_v1(framework={})), f"{V1}/framework/value", '"value" is missing'),
    (pool_v1(server_v1(task={})), f"{V1}/task/value", '"value" is missing'),
    (pool_v1(server_v1(port={})), f"{V1}/port", "no port is chosen: a name, all of them, or a number"),
    (pool_v1(server_v1(type="VIP")), f"{V1}/port/vip", '"vip" is missing; a server of type VIP is one'),
    (pool_v1(server_v1(type="VIP", port={"vip": "a.org"})), f"{V1}/port/vip", "the port of the address is missing"),
    (
        pool_v1(server_v1(type="ADDRESS")),
        f"{V1}/type",
        '"type" should be AUTO_IP, AGENT_IP, CONTAINER_IP or VIP, is "ADDRESS"',
    ),
]


@pytest.mark.parametrize(
    ("document", "pointer", "message"),
    [
        *HEAD,
        *((pool(frontends=[frontend(**more)]), pointer, message) for more, pointer, message in FRONTENDS),
        *((pool(backends=[backend(**more)]), pointer, message) for more, pointer, message in BACKENDS),
        *SERVICES,
        *OF_V1,
    ],
)
def test_a_fault_is_told_where_it_is(document: dict[str, Any], pointer: str, message: str) -> None:
    loaded = load(document)
    assert (pointer, message) in said(loaded.findings)
    assert (loaded.pools, loaded.left_out) == ([], 1)


@pytest.mark.parametrize("protocol", ["TCP", "TLS"])
@pytest.mark.parametrize("key", ["pathBeg", "pathEnd", "pathReg"])
def test_a_path_is_not_seen_without_http(protocol: str, key: str) -> None:
    rule = {"backend": "web", key: "/a"}
    more = {"protocol": protocol, "certificates": ["$AUTOCERT"], "linkBackend": {"map": [rule]}}
    loaded = load(pool(frontends=[frontend(**more)], backends=[backend(protocol="TCP")]))
    assert [pointer for pointer, _ in said(loaded.findings)] == [f"{F}/linkBackend/map/0/{key}"]


def test_a_host_is_not_seen_on_tcp() -> None:
    rules = {"map": [{"backend": "web", "hostEq": "a.org"}]}
    loaded = load(pool(frontends=[frontend(protocol="TCP", linkBackend=rules)], backends=[backend(protocol="TCP")]))
    message = '"hostEq" cannot be known: nothing of a request is seen on a TCP frontend'
    assert said(loaded.findings) == [(f"{F}/linkBackend/map/0/hostEq", message)]


def test_frontends_and_backends_are_told_apart_by_name_and_port() -> None:
    twice = [frontend(name="a"), frontend(name="a"), frontend(), frontend()]
    assert said(load(pool(frontends=twice, backends=[backend(), backend()])).findings) == [
        ("/haproxy/frontends/1/name", "the frontend name a is taken already, by /haproxy/frontends/0/name"),
        (
            "/haproxy/frontends/3",
            "the frontend name frontend_0.0.0.0_80 is taken already, by /haproxy/frontends/2",
        ),
        ("/haproxy/frontends/1/bindPort", "port 80 is taken already, by /haproxy/frontends/0/bindPort"),
        ("/haproxy/frontends/2/bindPort", "port 80 is taken already, by /haproxy/frontends/0/bindPort"),
        ("/haproxy/frontends/3/bindPort", "port 80 is taken already, by /haproxy/frontends/0/bindPort"),
        ("/haproxy/backends/1/name", "the backend name web is taken already, by /haproxy/backends/0/name"),
    ]


def test_several_frontends_may_wait_for_their_ports() -> None:
    assert said(load(pool(frontends=[frontend(bindPort=0), frontend(bindPort=0)])).findings) == []


def test_a_backend_that_nobody_names_is_told_with_a_suggestion() -> None:
    loaded = load(pool(backends=[backend(), backend(name="wep")]))
    (finding,) = loaded.findings
    assert finding.message == 'no frontend names the backend "wep"; Edge-LB refuses such a pool'
    assert finding.help == 'did you mean "web"?'


@pytest.mark.parametrize("name", ["{{ model.serviceName }}", "<the name>"])
def test_a_placeholder_of_the_documentation_is_recognised(name: str) -> None:
    (finding,) = load(pool(name=name)).findings
    assert finding.help == "this is a placeholder: put the real value in its place"


@pytest.mark.parametrize("address", ["", "0.0.0.0", "::", "2001:db8::1", "localhost"])
def test_an_address_to_bind_to(address: str) -> None:
    assert said(load(pool(frontends=[frontend(bindAddress=address)])).findings) == []
