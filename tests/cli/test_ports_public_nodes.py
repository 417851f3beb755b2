"""`lbgen ports check` over the options of the Kubernetes package: whether its public nodes fit together with others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.console import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.command import Ended

    Run = Callable[..., Ended]

APP, POOL = (str(ROOT / "examples" / name) for name in ("kubectl-proxy.json", "kubectl-proxy-pool.json"))
MARATHON_LB: dict[str, Any] = {
    "id": "/marathon-lb",
    "instances": 1,
    "acceptedResourceRoles": ["slave_public"],
    "args": ["sse", "--group", "external"],
    "networks": [{"mode": "host"}],
    "container": {"type": "DOCKER", "docker": {"image": "mesosphere/marathon-lb:v1.12.1"}},
}

INSIDE = {
    "id": "/inside",
    "portDefinitions": [{"port": 10001}],
    "labels": {"HAPROXY_GROUP": "internal", "HAPROXY_0_PORT": "7000"},
}


def options(**kubernetes: Any) -> str:
    Path("options.json").write_text(json.dumps({"kubernetes": kubernetes}))
    return "options.json"


def marathon_lb(**fields: Any) -> str:
    Path("marathon-lb.json").write_text(json.dumps(MARATHON_LB | fields))
    return "marathon-lb.json"


def check(run: Run, *arguments: str) -> tuple[list[tuple[str, str, str]], int]:
    """Rule, severity and message of each finding, and the status."""
    ended = run("ports", "check", "--isolated", "--format", "json", *arguments)
    found = json.loads(ended.out)["findings"]
    return [(each["rule"], each["severity"], each["message"]) for each in found], ended.status


def test_where_both_may_be_the_ports_are_told(run: Run) -> None:
    found, status = check(run, options(public_node_count=2, public_node_placement='["hostname","UNIQUE"]'), APP)

    message = (
        "the 2 public nodes of kubernetes may share public agents with Marathon-LB: a workload there cannot use the"
    )
    assert found == [("public-node-ports", "warning", f"{message} ports 80, 443, 6443, 9090, 9091, 10000-10150")]
    assert status == 1


def test_the_advice_names_what_people_want_to_run_there(run: Run) -> None:
    ended = run("ports", "check", "--isolated", options(public_node_count=2), APP)

    assert "an ingress controller there needs other ports than 80 and 443" in ended.out
    assert "of the NodePorts 30000-32767, none is taken" in ended.out


def test_a_pool_has_its_own_ports_and_no_marathon_lb_s(run: Run) -> None:
    ((_, _, message),), _ = check(run, options(public_node_count=1), POOL)

    assert message.endswith("with the pool kubectl-proxy: a workload there cannot use the ports 6090, 6443")


@pytest.mark.parametrize(
    ("agents", "how"),
    [
        ("1", "share at least one public agent with"),
        ("2", "share at least one public agent with"),
        ("3", "may share public agents with"),
    ],
)
def test_the_number_of_agents_may_decide(run: Run, agents: str, how: str) -> None:
    found, status = check(run, options(public_node_count=2), APP, "--public-agents", agents)
    verdict = next(message for rule, _, message in found if rule == "public-node-ports")

    assert verdict.startswith(f"the 2 public nodes of kubernetes {how} Marathon-LB: ")
    assert [message for rule, _, message in found if rule == "too-few-agents"] == (
        ["2 public nodes need an agent each, and there is one"] if agents == "1" else []
    )
    assert status == 1


@pytest.mark.parametrize(
    ("placement", "constraints"),
    [
        ('[["hostname","UNLIKE","10.0.0.1"]]', [["hostname", "CLUSTER", "10.0.0.1"]]),
        ('["hostname","LIKE","10.0.0.2|10.0.0.3"]', [["hostname", "LIKE", "10.0.0.1"]]),
        ('["rack","IS","r2"]', [["rack", "IS", "r1"]]),
    ],
)
def test_constraints_keep_both_apart_and_that_is_told_too(run: Run, placement: str, constraints: list[Any]) -> None:
    given = options(public_node_count=2, public_node_placement=placement)

    message = "the 2 public nodes of kubernetes fit together with Marathon-LB (/marathon-lb): "
    message += "their constraints leave them no agent in common"
    assert check(run, given, marathon_lb(constraints=constraints), APP) == ([("public-node-ports", "info", message)], 0)


def test_constraints_may_leave_no_choice(run: Run) -> None:
    given = options(public_node_count=2, public_node_placement='["hostname","LIKE","a|b"]')
    ((_, _, message),), _ = check(run, given, marathon_lb(constraints=[["hostname", "LIKE", "a"]]))

    assert message.startswith("the 2 public nodes of kubernetes share at least one public agent with Marathon-LB (")


@pytest.mark.parametrize("fields", [{"acceptedResourceRoles": ["*"]}, {"instances": 0}])
def test_a_marathon_lb_elsewhere_is_beside_nobody(run: Run, fields: dict[str, Any]) -> None:
    ((_, severity, message),), status = check(run, options(public_node_count=2), marathon_lb(**fields), APP)

    assert (severity, status) == ("info", 0)
    assert message == "the 2 public nodes of kubernetes run beside no load balancer: none of these is on public agents"


def test_a_cluster_without_public_nodes_fits(run: Run) -> None:
    message = "kubernetes has no public nodes, so that none runs beside a load balancer"

    assert check(run, options(node_count=3), APP) == ([("public-node-ports", "info", message)], 0)


def test_the_load_balancer_s_ports_are_options(run: Run) -> None:
    given = [options(public_node_count=1), "--lb-ports", "80,9090", "--service-ports", "20000-20010"]
    ((_, _, message),), _ = check(run, *given)

    assert message.endswith("cannot use the ports 80, 9090, 20000-20010")


def test_groups_may_be_left_out(run: Run) -> None:
    Path("apps.json").write_text(json.dumps([json.loads(Path(APP).read_text()), INSIDE]))
    given = [options(public_node_count=1), "apps.json"]
    ((_, _, everything),), _ = check(run, *given)
    ((_, _, external),), _ = check(run, *given, "--group", "external")

    assert everything.endswith("6443, 7000, 9090, 9091, 10000-10150")
    assert external.endswith("6443, 9090, 9091, 10000-10150")


def test_lint_tells_of_what_does_not_fit_only(run: Run) -> None:
    told = run("lint", "--isolated", "--format", "concise", options(public_node_count=1)).out
    fine = run("lint", "--isolated", "--format", "concise", options(public_node_count=0)).out

    assert "LBG215 the 1 public node of kubernetes may share" in told
    assert fine == ""


def test_the_settings_may_say_how_many_agents_there_are(run: Run) -> None:
    Path("lbgen.toml").write_text("public-agents = 1\n")
    ended = run("ports", "check", "--format", "concise", options(public_node_count=2))

    assert "LBG216 2 public nodes need an agent each, and there is one" in ended.out


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ('{\n  "kubernetes": {\n    "node_count": 2,\n  }\n}\n', "options.json:3:20", "LBG951 expected a key"),
        ('{"service": {"name": "a"},}', "options.json:1:26", "LBG951 expected a key"),
        ('{"kubernetes": {"public_node_count": "2"}}', "options.json:1:38", "LBG950 public_node_count has to be"),
        ('{"kubernetes": {"public_node_placement": "[x]"}}', "options.json:1:44", "LBG950 public_node_placement holds"),
    ],
)
def test_options_that_cannot_be_read_leave_it_undecided(run: Run, text: str, where: str, what: str) -> None:
    Path("options.json").write_text(text)
    ended = run("ports", "check", "--isolated", "--format", "concise", "options.json", APP)

    assert f"{where}: error[" in ended.out
    assert what in ended.out
    assert ended.status == 2


def test_another_file_that_cannot_be_read_is_a_finding(run: Run) -> None:
    Path("apps.json").write_text('[{"id": "/a",}]')

    assert run("ports", "check", "--isolated", "apps.json", options(node_count=1)).status == 1
