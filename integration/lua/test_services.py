"""The Lua services on the statistics port, in every HAProxy, with a master and without, as root and not."""

from __future__ import annotations

import socket
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from integration.templates.container import container
from integration.templates.text import LUA, fragment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from integration.templates.container import Running

NOBODY = "65534:65534"


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    tmp_path.chmod(0o755)
    path = tmp_path / "haproxy.cfg"
    path.write_text(fragment("HEAD", lua_dir="/lua"))
    return path


@contextmanager
def serving(image: str, configuration: Path, *arguments: str, user: str = "0") -> Iterator[Running]:
    mounts = {configuration.parent: "/conf", LUA: "/lua"}
    command = ["haproxy", *(arguments or ("-W", "-f", "/conf/haproxy.cfg"))]
    # An init of its own takes in the processes that HAProxy leaves behind.
    with container(image, command, mounts, user=user, init=True, working_dir="/conf") as ran:
        ran.wait_until_healthy()
        yield ran


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, "it never became true"
        time.sleep(0.05)


@contextmanager
def draining(ran: Running) -> Iterator[None]:
    """A request that does not end: the process that reads it outlives its successor's start."""
    with socket.create_connection((ran.address, 9090)) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost:")
        yield


def running(ran: Running) -> list[str]:
    """The processes of the container that are called haproxy, newest first."""
    return ran.execute("grep -lsx haproxy /proc/[0-9]*/comm | cut -d/ -f3 | sort -rn").split()


def pids(ran: Running) -> list[str]:
    return ran.get("/_haproxy_getpids", 9090).body.split()


class TestPids:
    """`/_haproxy_getpids` says what `pidof haproxy` says."""

    @pytest.mark.parametrize("mode", ["-W", "-db"])
    @pytest.mark.parametrize("user", ["0", NOBODY], ids=["root", "nobody"])
    def test_names_master_and_worker(self, haproxy_image: str, configuration: Path, mode: str, user: str) -> None:
        with serving(haproxy_image, configuration, mode, "-f", "/conf/haproxy.cfg", user=user) as ran:
            answer = ran.get("/_haproxy_getpids", 9090)
            assert answer.headers["content-type"] == "text/plain"
            assert answer.body == " ".join(running(ran)) + "\n"
            assert len(answer.body.split()) == (2 if mode == "-W" else 1)

    def test_names_an_old_worker_that_still_drains(self, haproxy_image: str, configuration: Path) -> None:
        with serving(haproxy_image, configuration) as ran, draining(ran):
            ran.execute(f"kill -USR2 {pids(ran)[-1]}")
            until(lambda: len(pids(ran)) == 3)
            assert pids(ran) == running(ran)

    def test_names_the_process_that_a_new_one_relieves(self, haproxy_image: str, configuration: Path) -> None:
        command = ("-db", "-f", "/conf/haproxy.cfg")
        with serving(haproxy_image, configuration, *command) as ran, draining(ran):
            ran.execute("haproxy -D -f /conf/haproxy.cfg -sf " + " ".join(running(ran)))
            until(lambda: len(pids(ran)) == 2)
            assert pids(ran) == running(ran)


class TestConfiguration:
    """`/_haproxy_getconfig` gives the configuration as HAProxy read it."""

    def test_is_the_file_as_it_was_at_the_start(self, haproxy_image: str, configuration: Path) -> None:
        configuration.write_text(configuration.read_text() + "# x\n" * 200_000)
        text = configuration.read_text()
        with serving(haproxy_image, configuration) as ran:
            configuration.write_text("changed")
            assert ran.answers("/_haproxy_getconfig", 9090) == text

    def test_is_found_by_a_relative_path(self, haproxy_image: str, configuration: Path) -> None:
        with serving(haproxy_image, configuration, "-db", "-f", "haproxy.cfg") as ran:
            assert ran.answers("/_haproxy_getconfig", 9090) == configuration.read_text()

    def test_of_several_files_is_all_of_them(self, haproxy_image: str, configuration: Path) -> None:
        second = configuration.with_name("second.cfg")
        second.write_text("backend b\n  mode http\n")
        with serving(haproxy_image, configuration, "-W", "-f", "/conf/haproxy.cfg", "-f", "/conf/second.cfg") as ran:
            assert ran.answers("/_haproxy_getconfig", 9090) == configuration.read_text() + second.read_text()

    def test_of_a_directory_is_all_of_its_files(self, haproxy_image: str, configuration: Path) -> None:
        with serving(haproxy_image, configuration, "-W", "-f", "/conf") as ran:
            assert ran.answers("/_haproxy_getconfig", 9090) == configuration.read_text()


@pytest.mark.parametrize(
    ("service", "file"),
    [("/_haproxy_getvhostmap", "domain2backend.map"), ("/_haproxy_getappmap", "app2backend.map")],
)
class TestMaps:
    """The map files beside the configuration are read at each request."""

    @pytest.mark.parametrize("path", ["/conf/haproxy.cfg", "haproxy.cfg"])
    def test_a_missing_file_is_empty_and_a_new_one_is_seen(
        self, haproxy_image: str, configuration: Path, service: str, file: str, path: str
    ) -> None:
        with serving(haproxy_image, configuration, "-W", "-f", path) as ran:
            assert ran.answers(service, 9090) == ""
            configuration.with_name(file).write_text("a.example a_1\n")
            assert ran.answers(service, 9090) == "a.example a_1\n"


GENERATORS = {
    "product": "exec -a python3 bash -c '{script}' /marathon-lb/marathon_lb.py --sse",
    "script": "exec -a /usr/bin/python3.11 bash -c '{script}' /usr/local/bin/lbgen run marathon-lb --group external",
    "module": "exec -a python bash -c '{script}' -m lbgen -v run marathon-lb",
    "bundle": "exec -a /opt/lbgen bash -c '{script}' run marathon-lb",
}
BYSTANDERS = {
    "init": "exec -a tini bash -c '{script}' -- lbgen run marathon-lb",
    "shell": "exec -a sh bash -c '{script}' python marathon_lb.py",
    "lint": "exec -a python3 bash -c '{script}' /usr/local/bin/lbgen lint run.json",
}


def start(ran: Running, name: str, command: str, user: str) -> None:
    """Starts a process that writes the signals it gets to /tmp/<name>; returns when it is ready for them."""
    script = (
        f'trap "echo HUP >> /tmp/{name}" HUP; trap "echo USR1 >> /tmp/{name}" USR1; : > /tmp/{name};'
        " while :; do sleep 0.05; done"
    )
    ran.container.exec_run(["bash", "-c", command.format(script=script)], detach=True, user=user)
    until(lambda: name in ran.execute("ls /tmp"))


@pytest.mark.parametrize("user", ["0", NOBODY], ids=["root", "nobody"])
@pytest.mark.parametrize(("service", "name"), [("/_mlb_signal/hup", "HUP"), ("/_mlb_signal/usr1", "USR1")])
class TestSignals:
    """`/_mlb_signal/hup` and `/_mlb_signal/usr1` signal what generates the configuration, and nothing else."""

    def test_reach_every_generator_and_no_bystander(
        self, haproxy_image: str, configuration: Path, service: str, name: str, user: str
    ) -> None:
        with serving(haproxy_image, configuration, user=user) as ran:
            for process, command in (GENERATORS | BYSTANDERS).items():
                start(ran, process, command, user)
            answer = ran.get(service, 9090)
            assert (answer.status, answer.body) == (200, f"Sent SIG{name} signal to marathon-lb")
            for process in GENERATORS:
                until(lambda process=process: ran.execute(f"cat /tmp/{process}") == f"{name}\n")  # type: ignore[misc]
            assert ran.execute(f"cd /tmp; cat {' '.join(BYSTANDERS)}") == ""

    def test_without_a_generator_are_an_error(
        self, haproxy_image: str, configuration: Path, service: str, name: str, user: str
    ) -> None:
        with serving(haproxy_image, configuration, user=user) as ran:
            answer = ran.get(service, 9090)
            assert answer.status == 500
            assert answer.body == (
                f"Failed to send SIG{name} signal to marathon-lb (exit code 1). Is marathon-lb running in 'poll' mode?"
            )


def test_signals_that_may_not_be_sent_are_an_error(haproxy_image: str, configuration: Path) -> None:
    with serving(haproxy_image, configuration, user=NOBODY) as ran:
        start(ran, "product", GENERATORS["product"], user="0")
        assert ran.answers("/_mlb_signal/hup", 9090) == 500
        assert ran.execute("cat /tmp/product") == ""


def test_signals_of_a_haproxy_that_may_not_fork_are_an_error(haproxy_image: str, configuration: Path) -> None:
    configuration.write_text(configuration.read_text().replace("  insecure-fork-wanted\n", ""))
    with serving(haproxy_image, configuration, user=NOBODY) as ran:
        assert ran.answers("/_mlb_signal/hup", 9090) == 500
        assert len(str(ran.answers("/_haproxy_getpids", 9090)).split()) == 2
