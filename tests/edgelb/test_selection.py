"""Which tasks a service selects, and where their servers are."""

from __future__ import annotations

from typing import Any

import pytest

from lbgen.edgelb.selection import planned, select
from lbgen.edgelb.servers import ADDRESS, AGENT, CONTAINER, Server
from lbgen.edgelb.task_documents import TaskDocuments
from lbgen.finding import Severity
from lbgen.model.border import Fault
from lbgen.pipeline.pools import PoolOptions, from_pool
from tests.edgelb.pools import backend, only, pool, said

UUID = "0d8a4f3e-1f0a-11ec-9c5b-70b3d5800001"


def network(*addresses: str) -> dict[str, Any]:
    return {"network_infos": [{"ip_addresses": [{"ip_address": address} for address in addresses]}]}


def port(number: int, name: str, scope: str | None = None) -> dict[str, Any]:
    labels = {"labels": {"labels": [{"key": "network-scope", "value": scope}]}} if scope else {}
    return {"number": number, "name": name, **labels}


def task(task_id: str, name: str, *ports: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": task_id,
        "name": name,
        "framework_id": "F1",
        "slave_id": "S1",
        "state": "TASK_RUNNING",
        "statuses": [{"state": "TASK_RUNNING", "timestamp": 1.5, "container_status": network("9.0.1.2")}],
        "discovery": {"ports": {"ports": list(ports)}},
        **more,
    }


STATE = {
    "slaves": [{"id": "S1", "hostname": "10.0.1.128"}, {"id": "S2", "hostname": "10.0.1.129"}],
    "frameworks": [
        {
            "id": "F0",
            "name": "marathon",
            "tasks": [
                task(f"shop_web.{UUID}", "web.shop", port(10006, "web"), port(10007, "admin"), framework_id="F0"),
                task(f"pod.instance-{UUID}.side", "side", port(80, "web", "container"), framework_id="F0"),
                task(f"dead.{UUID}", "dead", port(1, "web"), framework_id="F0", state="TASK_STAGING"),
                task(f"sick.{UUID}", "sick", port(1, "web"), statuses=[{"healthy": False}], framework_id="F0"),
            ],
        },
        {
            "id": "F1",
            "name": "kubernetes",
            "tasks": [
                task("k.1", "kube-apiserver-0-instance", port(6443, "apiserver", "container")),
                task("k.2", "kube-apiserver-1-instance", port(6443, "apiserver"), slave_id="S2"),
                task("k.3", "bare", discovery=None),
            ],
        },
    ],
}

WEB = Server(AGENT, "10.0.1.128", 10006)
SIDE = Server(CONTAINER, "9.0.1.2", 80)
API = [Server(CONTAINER, "9.0.1.2", 6443), Server(AGENT, "10.0.1.129", 6443)]
KUBERNETES = {"frameworkName": "kubernetes", "taskNamePattern": "kube-api"}


def servers(service: dict[str, Any], *documents: Any) -> tuple[list[Server], list[str]]:
    """The servers of a service, and what is said."""
    known = TaskDocuments()
    for document in documents or (STATE,):
        known.add(document)
    selected = select(only(pool(backends=[backend(services=[service])])), known.tasks())
    return selected.servers["/haproxy/backends/0/services/0"], [each.message for each in selected.said]


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ({"marathon": {"serviceID": "/shop/web"}}, [WEB]),
        ({"marathon": {"serviceIDPattern": "^/shop/"}}, [WEB]),
        ({"marathon": {"serviceID": "/nothing", "serviceIDPattern": "shop"}}, [WEB]),
        ({"marathon": {"serviceID": "/pod", "containerName": "side"}}, [SIDE]),
        ({"marathon": {"serviceIDPattern": ".", "containerNamePattern": "^s"}}, [SIDE]),
        ({"mesos": {"frameworkName": "marathon", "taskName": "web.shop"}}, [WEB]),
        ({"mesos": {"frameworkIDPattern": "^F0$", "taskIDPattern": "^shop"}}, [WEB]),
        ({"mesos": {"frameworkID": "F0", "taskID": f"shop_web.{UUID}"}}, [WEB]),
        ({"marathon": {"serviceID": "/shop/web"}, "mesos": {"taskName": "other"}}, []),
        ({"mesos": {"frameworkName": "kubernetes", "taskName": "web.shop"}}, []),
        ({"marathon": {"serviceIDPattern": "dead|sick"}}, []),
    ],
)
def test_selectors_hold_together(selector: dict[str, Any], found: list[Server]) -> None:
    assert servers({**selector, "endpoint": {"portName": "web"}})[0] == found


@pytest.mark.parametrize(
    ("endpoint", "found"),
    [
        ({"portName": "apiserver"}, API),
        ({"allPorts": True}, API),
        ({"portName": "apiserver", "type": "AGENT_IP"}, [Server(AGENT, "10.0.1.128", 6443), API[1]]),
        ({"portName": "apiserver", "type": "CONTAINER_IP"}, [API[0], API[0]]),
        ({"portName": "apiserver", "port": 7000}, [each._replace(port=7000) for each in API]),
        ({"port": 7000}, [each._replace(port=7000) for each in API]),
        ({"portName": "other"}, []),
        ({"portName": "other", "port": 7000}, []),
        ({"port": 0}, []),
    ],
)
def test_where_the_servers_of_a_task_are(endpoint: dict[str, Any], found: list[Server]) -> None:
    assert servers({"mesos": KUBERNETES, "endpoint": endpoint})[0] == found


def test_all_ports_of_a_task() -> None:
    found, _ = servers({"marathon": {"serviceID": "/shop/web"}, "endpoint": {"allPorts": True}})
    assert found == [WEB, WEB._replace(port=10007)]


def test_a_task_without_ports_is_reached_by_number() -> None:
    service = {"mesos": {"frameworkName": "kubernetes", "taskName": "bare"}, "endpoint": {"port": 3000}}
    assert servers(service)[0] == [Server(AGENT, "10.0.1.128", 3000)]


def test_an_address_is_nobodys_task() -> None:
    assert servers({"endpoint": {"type": "ADDRESS", "address": "a.org", "port": 1}}) == (
        [Server(ADDRESS, "a.org", 1)],
        [],
    )


def test_a_container_is_reached_on_each_of_its_addresses() -> None:
    status = [{"state": "TASK_RUNNING", "container_status": network("9.0.1.2", "fd01::2")}]
    state = {
        "frameworks": [
            {"id": "F1", "name": "f", "tasks": [task("a", "a", port(80, "web", "container"), statuses=status)]}
        ]
    }
    service = {"mesos": {"frameworkName": "f", "taskName": "a"}, "endpoint": {"portName": "web"}}
    assert servers(service, state)[0] == [Server(CONTAINER, "9.0.1.2", 80), Server(CONTAINER, "fd01::2", 80)]


def test_the_last_status_counts() -> None:
    statuses = [
        {"state": "TASK_RUNNING", "timestamp": 9.0, "healthy": True},
        {"state": "TASK_RUNNING", "timestamp": 2.0, "healthy": False},
    ]
    state = {"frameworks": [{"id": "F1", "name": "f", "tasks": [task("a", "a", port(80, "w"), statuses=statuses)]}]}
    known = TaskDocuments()
    known.add(state)
    assert (len(known.tasks().tasks), known.tasks().unhealthy) == (1, 0)


def test_what_selects_nothing_is_told_with_what_there_is() -> None:
    service = {"marathon": {"serviceID": "/shop/wep"}, "endpoint": {"portName": "web"}}
    known = TaskDocuments()
    known.add(STATE)
    (only_one,) = select(only(pool(backends=[backend(services=[service])])), known.tasks()).said
    assert only_one.pointer == "/haproxy/backends/0/services/0/marathon/serviceID"
    assert only_one.severity is Severity.WARNING
    assert only_one.message == (
        "no running task has serviceID /shop/wep: the backend answers 503 until one has"
        " (tasks that do not run: 1, unhealthy ones: 1)"
    )
    assert only_one.help == 'did you mean "/shop/web"?'


def test_a_port_that_is_called_otherwise_is_told_with_the_names_that_there_are() -> None:
    _, sentences = servers({"marathon": {"serviceID": "/shop/web"}, "endpoint": {"portName": "wep"}})
    assert sentences == [f'"shop_web.{UUID}" has no port called "wep": the backend answers 503']


def test_a_host_that_is_none_reaches_no_line() -> None:
    state = {
        "slaves": [{"id": "S1", "hostname": "a\n  server x 1.2.3.4:1"}],
        "frameworks": [{"id": "F1", "name": "f", "tasks": [task("a", "a", port(80, "web"))]}],
    }
    service = {"mesos": {"frameworkName": "f", "taskName": "a"}, "endpoint": {"portName": "web"}}
    assert servers(service, state) == ([], ['the task "a" is left out: its agent\'s address is not known'])


def test_a_reply_of_tasks_is_completed_by_those_of_slaves_and_frameworks() -> None:
    tasks = {"tasks": [task("a", "a", port(80, "web"))]}
    service = {"mesos": {"frameworkName": "f", "taskName": "a"}, "endpoint": {"portName": "web"}}
    slaves, frameworks = {"slaves": STATE["slaves"]}, {"frameworks": [{"id": "F1", "name": "f"}]}
    assert servers(service, tasks, slaves, frameworks)[0] == [Server(AGENT, "10.0.1.128", 80)]
    # By itself it names neither, and the agent's network is the task's.
    assert servers(service, tasks)[0] == [Server(AGENT, "9.0.1.2", 80)]


APP = {"id": "/shop/web", "portDefinitions": [{"name": "web"}, {"name": "admin"}]}
APP_TASK = {"id": f"shop_web.{UUID}", "host": "10.0.1.128", "ports": [10006, 10007], "state": "TASK_RUNNING"}


@pytest.mark.parametrize(
    "documents",
    [
        [{"apps": [{**APP, "tasks": [APP_TASK]}]}],
        [{"app": {**APP, "tasks": [APP_TASK]}}],
        [APP, {"tasks": [{**APP_TASK, "appId": "/shop/web"}]}],
        [{"id": "/", "groups": [{"id": "shop", "apps": [{**APP, "id": "web", "tasks": [APP_TASK]}]}]}],
        [{"apps": [{**APP, "tasks": [APP_TASK, {**APP_TASK, "id": "b", "state": "TASK_STAGING"}]}]}, STATE],
    ],
)
def test_tasks_out_of_replies_of_marathon(documents: list[Any]) -> None:
    service = {"marathon": {"serviceID": "/shop/web"}, "endpoint": {"portName": "web"}}
    assert servers(service, *documents)[0] == [WEB]


MAPPING = [{"name": "web", "containerPort": 80, "hostPort": 0}]


@pytest.mark.parametrize(
    ("app", "found"),
    [
        ({"container": {"portMappings": MAPPING}, "networks": [{"mode": "container/bridge"}]}, WEB),
        ({"container": {"docker": {"network": "BRIDGE", "portMappings": MAPPING}}}, WEB),
        (
            {
                "container": {"portMappings": [{"name": "web", "containerPort": 80}]},
                "networks": [{"mode": "container"}],
            },
            Server(CONTAINER, "9.0.1.2", 80),
        ),
    ],
)
def test_ports_of_containers(app: dict[str, Any], found: Server) -> None:
    running = {**APP_TASK, "ipAddresses": [{"ipAddress": "9.0.1.2"}]}
    document = {"apps": [{"id": "/a", **app, "tasks": [running]}]}
    assert servers({"marathon": {"serviceID": "/a"}, "endpoint": {"portName": "web"}}, document)[0] == [found]


@pytest.mark.parametrize(("protocol", "count"), [("MESOS_HTTP", 0), ("COMMAND", 0), ("HTTP", 1)])
def test_mesos_knows_of_its_own_checks_alone(protocol: str, count: int) -> None:
    sick = {**APP_TASK, "healthCheckResults": [{"alive": False}]}
    document = {"apps": [{**APP, "healthChecks": [{"protocol": protocol}], "tasks": [sick]}]}
    assert len(servers({"marathon": {"serviceID": "/shop/web"}, "endpoint": {"portName": "web"}}, document)[0]) == count


POD = {
    "id": "/pod",
    "scaling": {"instances": 2},
    "networks": [{"mode": "host"}],
    "containers": [{"name": "side", "endpoints": [{"name": "web"}]}, {"name": "main"}],
}
POD_STATUS = {
    "id": "/pod",
    "spec": POD,
    "instances": [
        {
            "id": "pod.1",
            "status": "STABLE",
            "agentHostname": "10.0.1.128",
            "networks": [{"addresses": ["9.0.1.2"]}],
            "containers": [
                {"name": "side", "status": "TASK_RUNNING", "endpoints": [{"name": "web", "allocatedHostPort": 10006}]}
            ],
        }
    ],
}


@pytest.mark.parametrize(
    ("document", "found"),
    [
        (POD_STATUS, [WEB]),
        ([POD_STATUS], [WEB]),
        (POD, [Server(AGENT, "192.0.2.1", 31000), Server(AGENT, "192.0.2.2", 31000)]),
    ],
)
def test_containers_of_pods(document: Any, found: list[Server]) -> None:
    service = {"marathon": {"serviceID": "/pod", "containerName": "side"}, "endpoint": {"portName": "web"}}
    assert servers(service, document)[0] == found


def test_placeholders_stand_for_the_instances_of_an_app_that_is_not_deployed() -> None:
    service = {"marathon": {"serviceID": "/shop/web"}, "endpoint": {"portName": "admin"}}
    assert servers(service, {**APP, "instances": 2})[0] == [
        Server(AGENT, "192.0.2.1", 31001),
        Server(AGENT, "192.0.2.2", 31001),
    ]


def test_without_tasks_placeholders_are_planned_and_told() -> None:
    def selecting(name: str, **endpoint: Any) -> dict[str, Any]:
        return {"marathon": {"serviceID": name}, "endpoint": endpoint}

    services = [
        selecting("/a", portName="x"),
        selecting("/a", portName="y"),
        selecting("/b", port=3000, type="CONTAINER_IP"),
        {"endpoint": {"type": "ADDRESS", "address": "a.org", "port": 1}},
    ]
    made = planned(only(pool(backends=[backend(services=services)])))
    assert [server for listed in made.servers.values() for server in listed] == [
        Server(AGENT, "192.0.2.1", 31000),
        Server(AGENT, "192.0.2.1", 31001),
        Server(CONTAINER, "192.0.2.2", 3000),
        Server(ADDRESS, "a.org", 1),
    ]
    assert [each.message for each in made.said] == [
        "no tasks are given: servers on 192.0.2.0/24 stand for those that the services select"
    ]


@pytest.mark.parametrize(
    ("document", "pointer", "sentence"),
    [
        (7, "", "should be a reply of Mesos or Marathon, or an app or pod, is the number 7"),
        ({"apps": {}}, "/apps", "should be a list, is an object"),
        ([{"no": "id"}], "/0", 'is no task, app or pod: it has no "id"'),
        ({"apps": [{"id": "/a", "tasks": [{"id": 5}]}]}, "/apps/0/tasks/0/id", "should be a string, is the number 5"),
        ({"frameworks": [{"tasks": 5}]}, "/frameworks/0/tasks", "should be a list, is the number 5"),
    ],
)
def test_what_holds_no_tasks_is_told(document: Any, pointer: str, sentence: str) -> None:
    with pytest.raises(ExceptionGroup) as caught:
        TaskDocuments().add(document)
    (fault,) = caught.value.exceptions
    assert isinstance(fault, Fault)
    assert (fault.pointer, str(fault)) == (pointer, sentence)


def test_a_backend_without_servers_is_written_all_the_same() -> None:
    result = from_pool(only(pool()), TaskDocuments().tasks(), PoolOptions())
    assert result.rendered is not None
    assert "server " not in result.rendered.text.partition("backend web")[2]
    assert [message for _, message in said(result.findings, Severity.WARNING)] == [
        "no running task has serviceID /web: the backend answers 503 until one has"
    ]
