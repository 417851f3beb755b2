"""What surrounds a live load balancer tells the truth of it, lets nobody in who may not, and keeps secrets."""

from __future__ import annotations

import http.client
import json
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from integration.live.balancer import HOST, free_port, labels
from integration.live.load import ask
from integration.templates.text import LUA, fragment
from lbgen.live.haproxy.sockets import sockets_of

if TYPE_CHECKING:
    from pathlib import Path

    from integration.live.balancer import Balancer
    from integration.marathon_stub import Marathon

SECRET = "correct-horse-battery"


def get(port: int, path: str) -> tuple[int, str]:
    """Status and body of an answer; 0 where there is none."""
    with closing(http.client.HTTPConnection(HOST, port, timeout=30)) as connection:
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""


def status(state: Path, *arguments: str) -> tuple[int, str]:
    """Exit status and output of `lbgen status`."""
    command = [sys.executable, "-m", "lbgen", "status", "--state-dir", str(state), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def document(state: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(status(state, "--json")[1])
    return found


def sample(text: str, name: str, **labels: str) -> float | None:
    """The value of a metric with these labels."""
    samples = (each for family in text_string_to_metric_families(text) for each in family.samples)
    return next((each.value for each in samples if each.name == name and labels.items() <= each.labels.items()), None)


def app(name: str, port: int, **more: str) -> dict[str, Any]:
    return {"id": f"/{name}", "instances": 2, "portDefinitions": [{"port": port}], "labels": labels(**more)}


def head(balancer: Balancer, port: int) -> None:
    """Has the load balancer write lbgen's own HEAD, with its port 9090 elsewhere."""
    balancer.prepare()
    state = balancer.directory / "state"
    text = fragment(
        "HEAD", lua_dir=str(LUA), status_socket=str(state / "status.sock"), signals_for_all=False,
        stats_socket=str(balancer.directory / "s"),
    )  # fmt: skip
    text = text.replace("0.0.0.0:9090", f"{HOST}:{port}")
    (balancer.directory / "templates" / "HAPROXY_HEAD").write_text(text)


@pytest.fixture
def state(balancer: Balancer) -> Path:
    return balancer.directory / "state"


def test_everything_that_surrounds_it(marathon: Marathon, balancer: Balancer, state: Path) -> None:
    web, stats, metrics = free_port(), free_port(), free_port()
    head(balancer, stats)
    marathon.deploy(app("web", web))
    balancer.arguments = ("--status-listen", f"{HOST}:{metrics}", "--log-format", "json", "--on-error", "drop")
    balancer.start()
    balancer.wait_for(lambda: bool(ask(web).task), "the first generation")
    well_it_says_so(balancer, state, metrics)
    port_9090_answers(balancer, state, stats)
    signals_are_taken(balancer, state, stats)
    an_app_that_is_left_out_is_told(marathon, balancer, state, metrics)
    logs_are_json_without_secrets(balancer)
    assert balancer.end() == 0
    assert status(state)[0] == 2
    assert not (state / "status.sock").exists()


def well_it_says_so(balancer: Balancer, state: Path, metrics: int) -> None:
    code, text = status(state)
    assert (code, text.splitlines()[0]) == (0, "OK: 1 app served, 2 servers in 1 backend")
    found = document(state)
    assert found["healthy"]
    assert found["haproxy"]["processes"][0]["pid"] in balancer.workers()
    assert found["haproxy"]["version"].startswith("HAProxy version")
    assert found["config"]["path"] == str(balancer.config)
    status_, answer = get(metrics, "/metrics")
    assert status_ == 200
    assert sample(answer, "lbgen_apps_served") == 1
    assert sample(answer, "lbgen_healthy") == 1
    assert (sample(answer, "lbgen_stage_seconds_count", stage="fetch") or 0) >= 1
    assert get(metrics, "/healthz") == (200, "ok\n")
    with closing(http.client.HTTPConnection(HOST, metrics, timeout=30)) as connection:
        connection.request("POST", "/control/update")
        assert connection.getresponse().status == 403


def port_9090_answers(balancer: Balancer, state: Path, stats: int) -> None:
    assert get(stats, "/_haproxy_health_check")[0] == 200
    assert get(stats, "/haproxy?stats;csv")[1].startswith("# pxname,")
    assert sorted(map(int, get(stats, "/_haproxy_getpids")[1].split())) == sorted(balancer.workers())
    assert "backend web_" in get(stats, "/_haproxy_getconfig")[1]
    assert get(stats, "/_haproxy_getvhostmap") == (200, "")
    assert get(stats, "/_haproxy_getappmap") == (200, "")
    assert document(state)["serving"]


def signals_are_taken(balancer: Balancer, state: Path, stats: int) -> None:
    before = document(state)
    assert get(stats, "/_mlb_signal/hup") == (200, "Sent SIGHUP signal to marathon-lb")
    balancer.wait_for(lambda: document(state)["updates"]["done"] > before["updates"]["done"], "an update")
    before = document(state)
    assert get(stats, "/_mlb_signal/usr1") == (200, "Sent SIGUSR1 signal to marathon-lb")
    balancer.wait_for(lambda: document(state)["reloads"]["done"] > before["reloads"]["done"], "a reload")


def an_app_that_is_left_out_is_told(marathon: Marathon, balancer: Balancer, state: Path, metrics: int) -> None:
    bad = f"  http-request nonsense user anna password {SECRET}\n"
    marathon.deploy(app("bad", free_port(), HAPROXY_0_BACKEND_HTTP_OPTIONS=bad))
    marathon.deploy(app("open", free_port(), HAPROXY_0_AUTH=f"staff:anna:{SECRET}:more"))

    def told() -> bool:
        return {each["app"] for each in document(state)["left_out"] if not each["waiting"]} >= {"/bad", "/open"}

    balancer.wait_for(told, "the bad app being told")
    code, text = status(state)
    assert code == 1
    assert text.startswith("DEGRADED: ")
    assert "\nnot served:\n  /bad  HAPROXY_0_BACKEND_HTTP_OPTIONS: " in text
    assert "What was served before is served on." in text
    assert SECRET not in text
    answer = get(metrics, "/metrics")[1]
    assert sample(answer, "lbgen_apps_left_out", served="nothing") is not None
    assert sample(answer, "lbgen_healthy") == 0
    assert get(metrics, "/healthz")[0] == 200


def logs_are_json_without_secrets(balancer: Balancer) -> None:
    lines = [line for line in balancer.log.splitlines() if line.startswith("{")]
    events = [json.loads(line) for line in lines]
    assert any("/bad" in each["event"] and each["level"] == "warning" for each in events)
    assert all(each["timestamp"] for each in events)
    assert SECRET not in "\n".join(lines)


def test_a_socket_that_a_killed_run_left_is_in_nobodys_way(marathon: Marathon, balancer: Balancer, state: Path) -> None:
    web = free_port()
    marathon.deploy(app("web", web))
    balancer.start()
    balancer.wait_for(lambda: bool(ask(web).task), "the first generation")
    assert balancer.process is not None
    balancer.signal(signal.SIGKILL)
    balancer.process.wait(30)
    assert status(state)[0] == 2
    balancer.start()
    balancer.wait_for(lambda: status(state)[0] == 0, "the status of the second run")


def test_a_state_directory_whose_name_is_too_long_for_sockets(marathon: Marathon, balancer: Balancer) -> None:
    web = free_port()
    state = balancer.directory / ("long" * 40)
    marathon.deploy(app("web", web))
    balancer.arguments = ("--state-dir", str(state))
    balancer.start()
    balancer.wait_for(lambda: status(state)[0] == 0, "the status")
    assert ask(web).task
    sockets = sockets_of(state).own
    assert sockets.stat().st_mode & 0o777 == 0o700
    assert balancer.end() == 0
    assert not (sockets / "status.sock").exists()
    shutil.rmtree(sockets)
