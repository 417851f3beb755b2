"""What runs: apps and their tasks, and the events that tell of every change."""

from __future__ import annotations

import copy
import itertools
import threading
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from integration.marathon_stub import shapes

if TYPE_CHECKING:
    from integration.marathon_stub.bus import Bus


class Placement(NamedTuple):
    """Where a task runs: the host and ports of its agent, and its own address."""

    host: str
    ports: list[int]
    address: str


Launch = Callable[[dict[str, Any], str], Placement]
Stop = Callable[[dict[str, Any]], None]


class Cluster:
    """Apps, tasks and agents. `launch` places a task of an app, `stop` is told of each that ends."""

    def __init__(self, bus: Bus, launch: Launch | None = None, stop: Stop | None = None) -> None:
        self.lock = threading.RLock()
        self.apps: dict[str, dict[str, Any]] = {}
        self._tasks: dict[str, list[dict[str, Any]]] = {}
        self._bus = bus
        self._launch = launch or Agents().place
        self._stop = stop or (lambda _: None)
        self._free_ports = itertools.count(10000)

    def tasks(self, app_id: str | None = None) -> list[dict[str, Any]]:
        """The tasks of one app, or of all."""
        with self.lock:
            found = self._tasks.values() if app_id is None else [self._tasks.get(shapes.app_id(app_id), [])]
            return copy.deepcopy([task for tasks in found for task in tasks])

    def running(self, app_id: str) -> list[dict[str, Any]]:
        """The tasks of one app themselves, for whoever holds the lock."""
        return self._tasks.get(app_id, [])

    def deploy(
        self, given: dict[str, Any], *, state: str = "TASK_RUNNING", uri: str = "/v2/apps", restart: bool = False
    ) -> dict[str, str]:
        """Creates or changes an app; its tasks get as far as `state`, and the old ones end after the new ones start."""
        with self.lock:
            before = self.apps.get(shapes.app_id(given["id"]))
            app = shapes.completed(given, before, next(self._free_ports))
            self.apps[app["id"]] = app
            plan = self._begin(app["id"], "ScaleApplication" if before else "StartApplication")
            self._bus.publish("api_post_event", {"clientIp": "127.0.0.1", "uri": uri, "appDefinition": app})
            changed = before is not None and shapes.configuration(before) != shapes.configuration(app)
            old = list(self._tasks.get(app["id"], ())) if changed or restart else []
            self._settle(app, len(old), state)
            for task in old:
                self._end(task, "TASK_KILLED")
            return self._finish(plan)

    def scale(self, app_id: str, instances: int) -> dict[str, str]:
        """Starts or ends as many tasks as it takes, the youngest first."""
        return self.deploy({"id": app_id, "instances": instances}, uri=f"/v2/apps{shapes.app_id(app_id)}")

    def delete(self, app_id: str) -> dict[str, str]:
        """Ends the app and all its tasks."""
        with self.lock:
            app = self.apps.pop(shapes.app_id(app_id))
            plan = self._begin(app["id"], "StopApplication")
            uri = f"/v2/apps{app['id']}"
            self._bus.publish("api_post_event", {"clientIp": "127.0.0.1", "uri": uri, "appDefinition": app})
            for task in list(self._tasks.pop(app["id"], ())):
                self._end(task, "TASK_KILLED")
            self._bus.publish("app_terminated_event", {"appId": app["id"]})
            return self._finish(plan)

    def kill_task(self, task_id: str, state: str = "TASK_KILLED", *, scale: bool = False) -> dict[str, Any] | None:
        """Ends a task, and starts another in its place unless the app is to be `scale`d down; None if there is none."""
        with self.lock:
            task = self._task(task_id)
            if task is None:
                return None
            self._end(task, state)
            app = self.apps[task["appId"]]
            if scale:
                app["instances"] -= 1
            else:
                self._settle(app, 0, "TASK_RUNNING")
            return task

    def set_state(self, task_id: str, state: str) -> None:
        """Brings a task into another state, such as TASK_UNREACHABLE or from TASK_STAGING to TASK_RUNNING."""
        with self.lock:
            task = self._task(task_id)
            assert task is not None, task_id
            self._advance(task, state)

    def set_health(self, task_id: str, *, alive: bool) -> None:
        """Lets a health check of Marathon's succeed or fail."""
        with self.lock:
            task = self._task(task_id)
            assert task is not None, task_id
            task["healthCheckResults"] = [shapes.health_result(task, alive=alive)]
            self._bus.publish(
                "health_status_changed_event",
                {
                    "appId": task["appId"],
                    "instanceId": task_id.rpartition("._app")[0],
                    "version": task["version"],
                    "alive": alive,
                },
            )

    def _task(self, task_id: str) -> dict[str, Any] | None:
        tasks = (task for tasks in self._tasks.values() for task in tasks)
        return next((task for task in tasks if task["id"] == task_id), None)

    def _settle(self, app: dict[str, Any], surplus: int, state: str) -> None:
        tasks = self._tasks.setdefault(app["id"], [])
        for _ in range(app["instances"] + surplus - len(tasks)):
            self._start(app, state)
        for task in tasks[app["instances"] + surplus :][::-1]:
            self._end(task, "TASK_KILLED")

    def _start(self, app: dict[str, Any], state: str) -> None:
        name = app["id"].strip("/").replace("/", "_")
        task_id = f"{name}.instance-{uuid.uuid4()}._app.1"
        task = shapes.task(app, task_id, *self._launch(app, task_id))
        self._tasks[app["id"]].append(task)
        steps = ("TASK_STAGING", "TASK_STARTING", "TASK_RUNNING")
        for step in steps[: steps.index(state) + 1]:
            self._advance(task, step)
        if state == "TASK_RUNNING" and app["healthChecks"]:
            self.set_health(task_id, alive=True)

    def _end(self, task: dict[str, Any], state: str) -> None:
        tasks = self._tasks.get(task["appId"], [])
        if task in tasks:
            tasks.remove(task)
        self._advance(task, state)
        self._stop(task)

    def _advance(self, task: dict[str, Any], state: str) -> None:
        task["state"] = state
        fields = {key: task[key] for key in ("slaveId", "appId", "host", "ports", "ipAddresses", "version")}
        self._bus.publish("status_update_event", {**fields, "taskId": task["id"], "taskStatus": state, "message": ""})

    def _begin(self, app_id: str, action: str) -> dict[str, Any]:
        step = {"actions": [{"action": action, "app": app_id}]}
        root = {"id": "/", "apps": [], "groups": [], "dependencies": [], "version": shapes.now()}
        plan = {"id": str(uuid.uuid4()), "version": shapes.now(), "original": root, "target": root, "steps": [step]}
        self._bus.publish("group_change_success", {"groupId": "/", "version": plan["version"]})
        self._bus.publish("deployment_info", {"plan": plan, "currentStep": step})
        return plan

    def _finish(self, plan: dict[str, Any]) -> dict[str, str]:
        self._bus.publish("deployment_step_success", {"plan": plan, "currentStep": plan["steps"][0]})
        self._bus.publish("deployment_success", {"id": plan["id"], "plan": plan})
        return {"version": plan["version"], "deploymentId": plan["id"]}


class Agents:
    """Places tasks on three agents of a network that nobody has, each on ports of its own."""

    def __init__(self) -> None:
        self._numbers = itertools.count()

    def place(self, app: dict[str, Any], task_id: str) -> Placement:  # noqa: ARG002 - others look at the task
        """The next agent, and its next ports."""
        number = next(self._numbers)
        first = 31000 + number * 4 % 1000
        ports = [first + index for index in range(len(shapes.service_ports(app)))]
        host = f"192.0.2.{1 + number % 3}"
        container = any(network.get("mode") == "container" for network in app["networks"])
        return Placement(host, ports, f"198.51.100.{1 + number % 250}" if container else host)
