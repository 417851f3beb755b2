"""The border: the objects of a pool, V1 and V2, and what Edge-LB fills in where they are silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping


class Check(TypedDict, total=False):
    """The check of a server."""

    enabled: bool | None
    customStr: str | None


class Endpoint(TypedDict, total=False):
    """Where a selected task is reached, or an address that is no task's."""

    type: str | None
    address: str | None
    port: int | None
    portName: str | None
    allPorts: bool | None
    check: Check | None
    miscStr: str | None


class Marathon(TypedDict, total=False):
    """Selects tasks of apps and pods."""

    serviceID: str | None
    serviceIDPattern: str | None
    containerName: str | None
    containerNamePattern: str | None


class Mesos(TypedDict, total=False):
    """Selects tasks of any framework."""

    frameworkName: str | None
    frameworkNamePattern: str | None
    frameworkID: str | None
    frameworkIDPattern: str | None
    taskName: str | None
    taskNamePattern: str | None
    taskID: str | None
    taskIDPattern: str | None


class Service(TypedDict, total=False):
    """Some servers of a backend."""

    marathon: Marathon | None
    mesos: Mesos | None
    endpoint: Endpoint | None


class Match(TypedDict, total=False):
    """A framework or task in V1."""

    value: str | None
    match: str | None


class ServerPort(TypedDict, total=False):
    """A port in V1."""

    name: str | None
    all: bool | None
    vip: str | None


class Server(TypedDict, total=False):
    """Some servers of a backend in V1."""

    type: str | None
    framework: Match | None
    task: Match | None
    port: ServerPort | None
    check: Check | None
    miscStr: str | None


class CustomCheck(TypedDict, total=False):
    """How a backend checks its servers."""

    httpchk: bool | None
    httpchkMiscStr: str | None
    sslHelloChk: bool | None
    miscStr: str | None


class Path(TypedDict, total=False):
    """Which path becomes which."""

    fromPath: str | None
    toPath: str | None


class Request(TypedDict, total=False):
    """What is done to requests."""

    forwardfor: bool | None
    xForwardedPort: bool | None
    xForwardedProtoHttpsIfTls: bool | None
    setHostHeader: bool | None
    rewritePath: bool | None


class Response(TypedDict, total=False):
    """What is done to responses."""

    rewriteLocation: bool | None


class Sticky(TypedDict, total=False):
    """Whether a client stays with its server."""

    enabled: bool | None
    customStr: str | None


class RewriteHttp(TypedDict, total=False):
    """What is done to HTTP on its way."""

    host: str | None
    path: Path | None
    request: Request | None
    response: Response | None
    sticky: Sticky | None


class _Backend(TypedDict, total=False):
    name: str | None
    protocol: str | None
    balance: str | None
    customCheck: CustomCheck | None
    miscStrs: list[str] | None
    rewriteHttp: RewriteHttp | None


class Backend(_Backend, total=False):
    """Servers and what is done on the way to them."""

    services: list[Service] | None


class BackendV1(_Backend, total=False):
    """A backend in V1."""

    servers: list[Server] | None


class Except(TypedDict, total=False):
    """Requests that are left on HTTP."""

    host: str | None
    pathBeg: str | None


# `except` is a word of Python's and cannot be the name of an annotation.
Redirect = TypedDict("Redirect", {"except": list[Except] | None}, total=False)
"""A redirect to HTTPS."""


class Rule(TypedDict, total=False):
    """Conditions, and the backend for requests that meet them all."""

    backend: str | None
    hostEq: str | None
    hostReg: str | None
    pathBeg: str | None
    pathEnd: str | None
    pathReg: str | None


class LinkBackend(TypedDict, total=False):
    """Which backend gets which requests."""

    defaultBackend: str | None
    map: list[Rule] | None


class _Frontend(TypedDict, total=False):
    name: str | None
    bindAddress: str | None
    bindPort: int | None
    bindModifier: str | None
    certificates: list[str] | None
    redirectToHttps: Redirect | None
    miscStrs: list[str] | None
    protocol: str | None
    linkBackend: LinkBackend | None


class Frontend(_Frontend, total=False):
    """Where clients come in."""


class FrontendV1(_Frontend, total=False):
    """A frontend in V1; only its default port differs."""


class Stats(TypedDict, total=False):
    """Where HAProxy shows its statistics."""

    bindAddress: str | None
    bindPort: int | None


class Haproxy(TypedDict, total=False):
    """What ends up in haproxy.cfg."""

    stats: Stats | None
    frontends: list[Frontend] | None
    backends: list[Backend] | None


class HaproxyV1(TypedDict, total=False):
    """What ends up in haproxy.cfg, in V1."""

    stats: Stats | None
    frontends: list[FrontendV1] | None
    backends: list[BackendV1] | None


class Secret(TypedDict, total=False):
    """A secret, and the file that it becomes."""

    secret: str | None
    file: str | None


class VirtualNetwork(TypedDict, total=False):
    """A network that the load balancers join."""

    name: str | None
    labels: dict[str, str] | None


class ListenerTls(TypedDict, total=False):
    """How a listener of an AWS load balancer speaks TLS."""

    policy: str | None
    certificates: list[str] | None


class Listener(TypedDict, total=False):
    """A port of an AWS load balancer, and the frontend behind it."""

    port: int | None
    linkFrontend: str | None
    protocol: str | None
    tls: ListenerTls | None


class Tag(TypedDict, total=False):
    """A tag of an AWS load balancer."""

    key: str | None
    value: str | None


class Elb(TypedDict, total=False):
    """An AWS load balancer in front of the pool."""

    type: str | None
    name: str | None
    arn: str | None
    internal: bool | None
    subnets: list[str] | None
    elasticIPs: list[str] | None
    listeners: list[Listener] | None
    tags: list[Tag] | None
    accessLogS3Location: str | None
    deletionProtection: bool | None


class Aws(TypedDict, total=False):
    """What is asked of AWS."""

    elbs: list[Elb] | None


class CloudProvider(TypedDict, total=False):
    """What is asked of the cloud."""

    aws: Aws | None


class _Pool(TypedDict, total=False):
    apiVersion: str | None
    name: str | None
    namespace: str | None
    packageName: str | None
    packageVersion: str | None
    role: str | None
    cpus: float | None
    cpusAdminOverhead: float | None
    mem: int | None
    memAdminOverhead: int | None
    disk: int | None
    count: int | None
    constraints: str | None
    ports: list[int] | None
    secrets: list[Secret] | None
    environmentVariables: dict[str, str] | None
    autoCertificate: bool | None
    virtualNetworks: list[VirtualNetwork] | None
    poolHealthcheckGracePeriod: int | None
    poolHealthcheckInterval: int | None
    poolHealthcheckMaxFail: int | None
    poolHealthcheckTimeout: int | None


class Pool(_Pool, total=False):
    """A pool of load balancers."""

    principal: str | None
    secretName: str | None
    type: str | None
    cloudProvider: CloudProvider | None
    haproxy: Haproxy | None


class PoolV1(_Pool, total=False):
    """A pool of load balancers, V1."""

    haproxy: HaproxyV1 | None


POOLS: Mapping[str, Any] = {"V1": PoolV1, "V2": Pool}
"""The kind of a pool by version of the API."""

FILLED = object()
"""Stands, in a default, for an object that is there even where nobody wrote it, filled with its own defaults."""

_POOL: dict[str, Any] = {
    "namespace": "dcos-edgelb/pools",
    "packageName": "edgelb-pool",
    "role": "slave_public",
    "cpus": 0.9,
    "cpusAdminOverhead": 0.1,
    "mem": 992,
    "memAdminOverhead": 32,
    "disk": 256,
    "count": 1,
    "constraints": "hostname:UNIQUE",
    "ports": [],
    "secrets": [],
    "autoCertificate": False,
    "virtualNetworks": [],
    "poolHealthcheckGracePeriod": 180,
    "poolHealthcheckInterval": 12,
    "poolHealthcheckMaxFail": 5,
    "poolHealthcheckTimeout": 60,
    "haproxy": FILLED,
}
_FRONTEND: dict[str, Any] = {
    "bindAddress": "0.0.0.0",  # noqa: S104 - the product's default
    "certificates": [],
    "miscStrs": [],
    "linkBackend": FILLED,
}
_BACKEND: dict[str, Any] = {"balance": "roundrobin", "miscStrs": [], "rewriteHttp": FILLED}
_HAPROXY: dict[str, Any] = {"stats": FILLED, "frontends": [], "backends": []}

DEFAULTS: Mapping[Any, Mapping[str, Any]] = {
    Pool: {**_POOL, "type": "static"},
    PoolV1: _POOL,
    Haproxy: _HAPROXY,
    HaproxyV1: _HAPROXY,
    Stats: {"bindAddress": "0.0.0.0", "bindPort": 9090},  # noqa: S104 - the product's default
    Frontend: {**_FRONTEND, "bindPort": 0},
    FrontendV1: {**_FRONTEND, "bindPort": -1},
    Redirect: {"except": []},
    LinkBackend: {"map": []},
    Backend: {**_BACKEND, "services": []},
    BackendV1: {**_BACKEND, "servers": []},
    CustomCheck: {"httpchk": False, "sslHelloChk": False},
    RewriteHttp: {"request": FILLED, "response": FILLED},
    Path: {"fromPath": "", "toPath": ""},
    Request: {
        "forwardfor": True,
        "xForwardedPort": True,
        "xForwardedProtoHttpsIfTls": True,
        "setHostHeader": True,
        "rewritePath": True,
    },
    Response: {"rewriteLocation": True},
    Sticky: {"enabled": True},
    Service: {"marathon": FILLED, "mesos": FILLED, "endpoint": FILLED},
    Endpoint: {"type": "AUTO_IP", "port": -1, "allPorts": False, "check": FILLED},
    Check: {"enabled": True},
    Server: {"type": "AUTO_IP", "framework": FILLED, "task": FILLED, "port": FILLED, "check": FILLED},
    Match: {"match": "EXACT"},
    ServerPort: {"all": False},
    Elb: {"internal": True, "deletionProtection": False},
    Listener: {"protocol": "TCP"},
}
"""What an object holds where its key is not written; an object of which nothing is said here has no defaults."""

NULL_IS_FALSE: frozenset[Any] = frozenset({Request, Response, Sticky})
"""Objects whose switches null turns off: Edge-LB then has no value for them, and does nothing."""
