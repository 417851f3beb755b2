"""Claims of those who do no load balancing: tasks on agents, Kubernetes, whoever listens; and what nobody claims."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbgen.marathon.apps import Loaded, load_apps
from lbgen.ports.address import ANY_IPV4, Ports, Protocol
from lbgen.ports.claim import Claim, Kind
from lbgen.ports.clash import clashes
from lbgen.ports.free import free_ports
from lbgen.ports.hosts import host_claims
from lbgen.ports.kubernetes import is_manifest, kubernetes_claims
from lbgen.ports.listening import read_listening


def of_app(**fields: Any) -> list[tuple[str, str, str, str]]:
    """Node, port, protocol and pointer of what an app's tasks bind."""
    loaded = Loaded()
    load_apps("app.json", {"id": "/a", **fields}, loaded)
    (app,) = loaded.apps
    claims = host_claims(app, lambda role, host: host or role)
    return [(each.node, str(each.ports), each.protocol.value, each.origins[0].pointer) for each in claims]


class TestAgents:
    def test_ports_are_fixed_where_they_are_required(self) -> None:
        assert of_app(requirePorts=True, ports=[8080]) == [("*", "8080", "tcp", "/ports/0")]
        assert of_app(ports=[8080]) == []
        assert of_app(requirePorts="yes", ports=[8080]) == []

    def test_both_protocols_are_two_claims(self) -> None:
        definitions = [{"port": 0}, {"port": 53, "protocol": "udp,tcp"}]
        found = of_app(requirePorts=True, portDefinitions=definitions, acceptedResourceRoles=["slave_public"])
        pointer = "/portDefinitions/1/port"
        assert found == [("slave_public", "53", "tcp", pointer), ("slave_public", "53", "udp", pointer)]

    def test_a_bridge_has_host_ports(self) -> None:
        mappings = [
            {"containerPort": 80, "hostPort": 8080},
            {"containerPort": 81, "hostPort": 0},
            {"containerPort": 82},
        ]
        found = of_app(networks=[{"mode": "container/bridge"}], container={"portMappings": mappings})
        assert found == [("*", "8080", "tcp", "/container/portMappings/0/hostPort")]

    @pytest.mark.parametrize(
        ("constraint", "node"),
        [
            (["hostname", "CLUSTER", "10.0.0.5"], "10.0.0.5"),
            (["hostname", "LIKE", r"10\.0\.0\.5"], "10.0.0.5"),
            (["@hostname", "IS", "a.example.com"], "a.example.com"),
            (["hostname", "LIKE", "10.0.0.[5-9]"], "*"),
            (["hostname", "UNIQUE"], "*"),
            (["hostname", "UNLIKE", "10.0.0.5"], "*"),
            (["rack", "CLUSTER", "r1"], "*"),
            (None, "*"),
            ("hostname", "*"),
        ],
    )
    def test_constraints_keep_an_app_on_one_host(self, constraint: Any, node: str) -> None:
        ((found, *_),) = of_app(requirePorts=True, ports=[8080], constraints=[constraint])
        assert found == node

    def test_who_does_not_run_binds_nothing(self) -> None:
        assert of_app(requirePorts=True, ports=[8080], instances=0) == []
        assert of_app(requirePorts=True, ports=[8080], tasks=[]) == []


def of_manifest(kind: str, spec: Any, **metadata: str) -> list[tuple[str, str, str, str, str]]:
    """Owner, address, port, protocol and pointer of what Kubernetes binds."""
    value = {"apiVersion": "v1", "kind": kind, "metadata": metadata, "spec": spec}
    claims = kubernetes_claims(value, "k.yaml", "kubernetes")
    return [
        (each.owner, each.address.text, str(each.ports), each.protocol.value, each.origins[0].pointer)
        for each in claims
    ]


class TestKubernetes:
    def test_services_have_node_ports(self) -> None:
        ports = [{"port": 80, "nodePort": 30080}, {"port": 81}, {"port": 53, "nodePort": 30053, "protocol": "UDP"}]
        spec = {"type": "NodePort", "ports": ports}
        assert of_manifest("Service", spec, name="web", namespace="shop") == [
            ("Service shop/web", "::", "30080", "tcp", "/spec/ports/0/nodePort"),
            ("Service shop/web", "::", "30053", "udp", "/spec/ports/2/nodePort"),
        ]
        assert of_manifest("Service", {**spec, "type": "ClusterIP"}, name="web") == []

    def test_pods_have_host_ports(self) -> None:
        ports = [{"containerPort": 80, "hostPort": 8080, "hostIP": "10.0.0.1"}, {"containerPort": 81}]
        pod = {"containers": [{"ports": ports}]}
        pointer = "/containers/0/ports/0/hostPort"
        found = ("10.0.0.1", "8080", "tcp")
        assert of_manifest("Pod", pod, name="web") == [("Pod web", *found, f"/spec{pointer}")]
        workload = {"template": {"spec": pod}}
        assert of_manifest("DaemonSet", workload) == [("DaemonSet", *found, f"/spec/template/spec{pointer}")]
        assert of_manifest("CronJob", {"jobTemplate": {"spec": workload}}) == [
            ("CronJob", *found, f"/spec/jobTemplate/spec/template/spec{pointer}")
        ]

    def test_pods_on_the_hosts_network_bind_what_their_containers_do(self) -> None:
        pod = {"hostNetwork": True, "containers": [{"ports": [{"containerPort": 9100}]}]}
        assert of_manifest("Pod", pod) == [("Pod", "::", "9100", "tcp", "/spec/containers/0/ports/0/containerPort")]

    def test_pods_are_kept_apart_but_for_those_on_all_nodes(self) -> None:
        template = {"spec": {"containers": [{"ports": [{"containerPort": 80, "hostPort": 80}]}]}}

        def owners(*kinds: str) -> list[tuple[str, str]]:
            found: list[Claim] = []
            for at, kind in enumerate(kinds):
                value = {
                    "apiVersion": "v1",
                    "kind": kind,
                    "metadata": {"name": str(at)},
                    "spec": {"template": template},
                }
                found += kubernetes_claims(value, f"{at}.yaml", "kubernetes")
            return [(clash.first.owner, clash.second.owner) for clash in clashes(found)]

        assert owners("Deployment", "Deployment", "ReplicaSet") == []
        assert owners("DaemonSet", "Deployment") == [("DaemonSet 0", "Deployment 1")]
        assert owners("DaemonSet", "DaemonSet") == [("DaemonSet 0", "DaemonSet 1")]

    def test_one_service_that_two_files_describe_is_one(self) -> None:
        spec = {"type": "NodePort", "ports": [{"nodePort": 30080}]}
        value = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": spec}
        other = {**value, "metadata": {"name": "other"}}
        one, again, another = (
            list(kubernetes_claims(each, f"{at}.yaml", "kubernetes")) for at, each in enumerate([value, value, other])
        )
        assert clashes([*one, *again]) == []
        assert len(clashes([*one, *another])) == 1

    def test_lists_hold_others(self) -> None:
        service = {"apiVersion": "v1", "kind": "Service", "spec": {"type": "NodePort", "ports": [{"nodePort": 30080}]}}
        whole = {"apiVersion": "v1", "kind": "List", "items": [{}, service]}
        (claim,) = kubernetes_claims(whole, "k.yaml", "kubernetes")
        assert claim.origins[0].pointer == "/items/1/spec/ports/0/nodePort"

    @pytest.mark.parametrize("value", [None, [], {}, {"id": "/a"}, {"apiVersion": "V2", "haproxy": {}}])
    def test_other_documents_are_no_manifests(self, value: Any) -> None:
        assert not is_manifest(value)
        assert list(kubernetes_claims(value, "k.yaml", "kubernetes")) == []

    _ANY = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "spec",
                        "ports",
                        "template",
                        "type",
                        "containers",
                        "nodePort",
                        "hostPort",
                        "hostIP",
                        "protocol",
                        "items",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=20,
    )

    @given(st.sampled_from(["Service", "Pod", "Deployment", "CronJob", "List", "Secret"]), _ANY, _ANY)
    def test_whatever_a_manifest_holds_it_is_read(self, kind: str, spec: Any, items: Any) -> None:
        value = {"apiVersion": "v1", "kind": kind, "metadata": spec, "spec": spec, "items": items}
        for claim in kubernetes_claims(value, "k.yaml", "kubernetes"):
            assert claim.ports is not None


SS = """\
Netid State  Recv-Q Send-Q Local Address:Port  Peer Address:Port Process
udp   UNCONN 0      0      127.0.0.53%lo:53         0.0.0.0:*    users:(("systemd-resolve",pid=600,fd=13))
tcp   LISTEN 0      128          0.0.0.0:22         0.0.0.0:*
tcp   LISTEN 0      511                *:80               *:*    users:(("nginx",pid=811,fd=6),("nginx",pid=810,fd=6))
tcp   LISTEN 0      511             [::]:81            [::]:*
tcp   LISTEN 0      511 [fe80::1]%eth0:82              [::]:*
tcp   ESTAB  0      0           10.0.0.1:22        10.0.0.2:4711
"""


class TestListening:
    def test_sockets_have_places_ports_and_processes(self) -> None:
        found = [
            (str(each.ports), each.protocol.value, [place.host or place.world for place in each.address.places])
            for each in read_listening(SS, "ss.txt").listeners
        ]
        assert found[:5] == [
            ("53", "udp", ["127.0.0.53"]),
            ("22", "tcp", ["ipv4"]),
            ("80", "tcp", ["ipv4", "ipv6"]),
            ("81", "tcp", ["ipv6"]),
            ("82", "tcp", ["fe80::1"]),
        ]
        assert [each.process for each in read_listening(SS, "ss.txt").listeners][:3] == ["systemd-resolve", "", "nginx"]
        assert [each.interface for each in read_listening(SS, "ss.txt").listeners][:5] == ["lo", "", "", "", "eth0"]

    def test_connections_are_no_listeners(self) -> None:
        assert len(read_listening(SS, "ss.txt").listeners) == 5

    def test_one_protocol_alone_has_no_column(self) -> None:
        (found,) = read_listening("LISTEN 0 4096 0.0.0.0:9090 0.0.0.0:*\n", "-").listeners
        assert (found.ports, found.protocol) == (Ports(9090, 9090), Protocol.TCP)

    @given(st.text() | st.text('tcpudpLISTEN 0123456789.:[]%*\n"'))
    def test_every_text_is_read(self, text: str) -> None:
        for each in read_listening(text, "-").listeners:
            assert 1 <= each.ports.first <= 65535


def held(first: int, last: int, **given: Any) -> Claim:
    values = {"node": "n", "owner": "o", "how": "", "kind": Kind.SERVICE_PORT, **given}
    return Claim(address=ANY_IPV4, ports=Ports(first, last), **values)


class TestFreePorts:
    def test_neither_bound_nor_held(self) -> None:
        claims = [held(10001, 10001), held(10003, 10004, binds=False), held(10003, 10003), held(80, 80)]
        assert list(free_ports(claims, range(10000, 10007))) == [10000, 10002, 10005, 10006]

    def test_other_protocols_are_no_matter(self) -> None:
        assert list(free_ports([held(10000, 10000, protocol=Protocol.UDP)], range(10000, 10001))) == [10000]

    @given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 9))), st.integers(1, 60), st.integers(0, 30))
    def test_all_that_nobody_has(self, taken: list[tuple[int, int]], first: int, size: int) -> None:
        allowed = range(first, first + size)
        claims = [held(start, start + more) for start, more in taken]
        has = {port for start, more in taken for port in range(start, start + more + 1)}
        assert list(free_ports(claims, allowed)) == [port for port in allowed if port not in has]
