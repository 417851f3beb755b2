"""The API: from a request to what Marathon answers, and to what it changes."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from integration.marathon_stub import shapes

if TYPE_CHECKING:
    from integration.marathon_stub.cluster import Cluster


@dataclass(frozen=True)
class Request:
    """A request as it came; names of headers are lower-case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The path, decoded."""
        return unquote(urlsplit(self.target).path)

    def query(self, name: str) -> list[str]:
        """The values of a parameter."""
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True).get(name, [])

    def flag(self, name: str) -> bool:
        """Whether a parameter is there and true, in any case."""
        return [value.lower() for value in self.query(name)][-1:] == ["true"]

    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """Status and body; text and bytes go out as they are, anything else as JSON."""

    status: int
    value: Any
    headers: dict[str, str] = field(default_factory=dict)


Handle = Callable[["Cluster", Request, re.Match[str]], Answer]


def _no_app(app_id: str) -> Answer:
    return Answer(404, {"message": f"App '{app_id}' does not exist"})


def _told(cluster: Cluster, app: dict[str, Any], *, tasks: bool) -> dict[str, Any]:
    running = cluster.running(app["id"])
    results = [task.get("healthCheckResults", [{}])[0].get("alive") for task in running]
    told = app | {
        "deployments": [],
        "tasksHealthy": results.count(True),
        "tasksUnhealthy": results.count(False),
        "tasksRunning": sum(task["state"] == "TASK_RUNNING" for task in running),
        "tasksStaged": sum(task["state"] in {"TASK_STAGING", "TASK_STARTING"} for task in running),
    }
    return told | ({"tasks": running} if tasks else {})


def _wants_tasks(request: Request) -> bool:
    return bool({"apps.tasks", "app.tasks"} & set(request.query("embed")))


def _labelled(app: dict[str, Any], selector: str) -> bool:
    pairs = [part.partition("==") for part in selector.split(",")]
    return all((app["labels"].get(key) == value) if equal else (key in app["labels"]) for key, equal, value in pairs)


def _apps(cluster: Cluster, request: Request, match: re.Match[str]) -> Answer:  # noqa: ARG001 - one shape for all
    found = list(cluster.apps.values())
    found = [app for app in found if all(part in app["id"] for part in request.query("id"))]
    found = [app for app in found if all(part in app.get("cmd", "") for part in request.query("cmd"))]
    found = [app for app in found if all(_labelled(app, selector) for selector in request.query("label"))]
    return Answer(200, {"apps": [_told(cluster, app, tasks=_wants_tasks(request)) for app in found]})


def _create(cluster: Cluster, request: Request, match: re.Match[str]) -> Answer:  # noqa: ARG001
    given = request.json()
    if shapes.app_id(given["id"]) in cluster.apps:
        return Answer(409, {"message": f"An app with id [{shapes.app_id(given['id'])}] already exists."})
    ended = cluster.deploy(given)
    app = cluster.apps[shapes.app_id(given["id"])]
    told = _told(cluster, app, tasks=True) | {"tasks": [], "deployments": [{"id": ended["deploymentId"]}]}
    return Answer(201, told, {"Marathon-Deployment-Id": ended["deploymentId"]})


def _app(cluster: Cluster, request: Request, match: re.Match[str]) -> Answer:  # noqa: ARG001
    app = cluster.apps.get(shapes.app_id(match[1]))
    return Answer(200, {"app": _told(cluster, app, tasks=True)}) if app else _no_app(shapes.app_id(match[1]))


def _update(cluster: Cluster, request: Request, match: re.Match[str]) -> Answer:
    app_id = shapes.app_id(match[1])
    status = 200 if app_id in cluster.apps else 201
    ended = cluster.deploy({**request.json(), "id": app_id}, uri=request.path)
    return Answer(status, ended, {"Marathon-Deployment-Id": ended["deploymentId"]})


def _update_all(cluster: Cluster, request: Request, match: re.Match[str]) -> Answer:  # noqa: ARG001
    ended = [cluster.deploy(given, uri=request.path) for given in request.json()]
    return Answer(200, ended[-1] if ended else _deployment())


def _delete(cluster: Cluster, request: Request, match: re.Match[str]) -> Answer:  # noqa: ARG001
    app_id = shapes.app_id(match[1])
    return Answer(200, cluster.delete(app_id)) if app_id in cluster.apps else _no_app(app_id)


def _restart(cluster: Cluster, request: Request, match: re.Match[str]) -> Answer:
    app_id = shapes.app_id(match[1])
    if app_id not in cluster.apps:
        return _no_app(app_id)
    return Answer(200, cluster.deploy({"id": app_id}, uri=request.path, restart=True))


def _tasks(cluster: Cluster, request: Request, match: re.Match[str]) -> Answer:  # noqa: ARG001
    tasks = [{"healthCheckResults": [], **task} for task in cluster.tasks()]
    wanted = [f"TASK_{status.upper()}" for status in request.query("status")]
    return Answer(200, {"tasks": [task for task in tasks if not wanted or task["state"] in wanted]})


def _app_tasks(cluster: Cluster, request: Request, match: re.Match[str]) -> Answer:  # noqa: ARG001
    app_id = shapes.app_id(match[1])
    return Answer(200, {"tasks": cluster.tasks(app_id)}) if app_id in cluster.apps else _no_app(app_id)


def _kill_app_tasks(cluster: Cluster, request: Request, match: re.Match[str]) -> Answer:
    app_id = shapes.app_id(match[1])
    if app_id not in cluster.apps:
        return _no_app(app_id)
    return _killed(cluster, [task["id"] for task in cluster.tasks(app_id)], request)


def _kill_app_task(cluster: Cluster, request: Request, match: re.Match[str]) -> Answer:
    task = cluster.kill_task(match[2], scale=request.flag("scale"))
    if task is None:
        return Answer(404, {"message": f"Task '{match[2]}' does not exist"})
    return Answer(200, _deployment() if request.flag("scale") else {"task": task})


def _kill_tasks(cluster: Cluster, request: Request, match: re.Match[str]) -> Answer:  # noqa: ARG001
    return _killed(cluster, request.json()["ids"], request)


def _killed(cluster: Cluster, ids: list[str], request: Request) -> Answer:
    ended = [cluster.kill_task(task_id, scale=request.flag("scale")) for task_id in ids]
    return Answer(200, _deployment() if request.flag("scale") else {"tasks": [task for task in ended if task]})


def _deployment() -> dict[str, str]:
    return {"version": shapes.now(), "deploymentId": str(uuid.uuid4())}


def _versions(cluster: Cluster, request: Request, match: re.Match[str]) -> Answer:  # noqa: ARG001
    app = cluster.apps.get(shapes.app_id(match[1]))
    return Answer(200, {"versions": [app["version"]]}) if app else _no_app(shapes.app_id(match[1]))


def _version(cluster: Cluster, request: Request, match: re.Match[str]) -> Answer:  # noqa: ARG001
    app = cluster.apps.get(shapes.app_id(match[1]))
    if app is None or app["version"] != match[2]:
        return Answer(404, {"message": f"App '{shapes.app_id(match[1])}' with version '{match[2]}' does not exist"})
    return Answer(200, app)


def _groups(cluster: Cluster, request: Request, match: re.Match[str]) -> Answer:  # noqa: ARG001
    apps = [_told(cluster, app, tasks=False) for app in cluster.apps.values()]
    return Answer(200, {"id": "/", "apps": apps, "groups": [], "pods": [], "dependencies": [], "version": shapes.now()})


def _empty(value: Any) -> Handle:
    return lambda cluster, request, match: Answer(200, value)  # noqa: ARG005


# The first that matches answers: what stands behind an app's id comes before the id, which may hold anything.
_ROUTES: tuple[tuple[str, str, Handle], ...] = (
    ("GET", r"/v2/apps/?", _apps),
    ("POST", r"/v2/apps/?", _create),
    ("PUT", r"/v2/apps/?", _update_all),
    ("GET", r"/v2/apps/(.+)/tasks", _app_tasks),
    ("DELETE", r"/v2/apps/(.+)/tasks", _kill_app_tasks),
    ("DELETE", r"/v2/apps/(.+)/tasks/([^/]+)", _kill_app_task),
    ("GET", r"/v2/apps/(.+)/versions", _versions),
    ("GET", r"/v2/apps/(.+)/versions/([^/]+)", _version),
    ("POST", r"/v2/apps/(.+)/restart", _restart),
    ("GET", r"/v2/apps/(.+)", _app),
    ("PUT", r"/v2/apps/(.+)", _update),
    ("PATCH", r"/v2/apps/(.+)", _update),
    ("DELETE", r"/v2/apps/(.+)", _delete),
    ("GET", r"/v2/tasks", _tasks),
    ("POST", r"/v2/tasks/delete", _kill_tasks),
    ("GET", r"/v2/groups/?", _groups),
    ("GET", r"/v2/deployments", _empty([])),
    ("GET", r"/v2/queue", _empty({"queue": []})),
    ("DELETE", r"/v2/leader", _empty({"message": "Leadership abdicated"})),
    ("GET", r"/ping", _empty("pong")),
)


def answer(cluster: Cluster, request: Request) -> Answer:
    """What Marathon says to this request; what it changes is changed."""
    allowed = False
    for method, pattern, handle in _ROUTES:
        match = re.fullmatch(pattern, request.path)
        allowed |= match is not None
        if match and method == request.method:
            with cluster.lock:
                return _handled(handle, cluster, request, match)
    return Answer(405 if allowed else 404, {"message": "HTTP 405 Method Not Allowed" if allowed else "Not found"})


def _handled(handle: Handle, cluster: Cluster, request: Request, match: re.Match[str]) -> Answer:
    try:
        said = handle(cluster, request, match)
        # What runs may change as soon as nobody holds the lock.
        return said if isinstance(said.value, str) else replace(said, value=json.dumps(said.value).encode())
    except (ValueError, KeyError, TypeError) as error:
        return Answer(400, {"message": "Invalid JSON", "details": [{"path": "/", "errors": [str(error)]}]})
