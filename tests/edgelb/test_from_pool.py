"""`lbgen haproxy from-pool`: where results go, how it ends, and what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.haproxy.parse import parse
from tests.edgelb.pools import backend, frontend, pool, pool_v1

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.command import Ended

    Run = Callable[..., Ended]

EXAMPLE = Path(__file__).parents[2] / "examples" / "kubectl-proxy-pool.json"
HTTPS = pool(frontends=[frontend(protocol="HTTPS", certificates=["$AUTOCERT"])], autoCertificate=True)
BAD = pool(name="bad", frontends=[frontend(bindPort=70000)])


def write(name: str, value: Any) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return path


def headers(text: str) -> list[str]:
    return [section.header for section in parse(text, "haproxy.cfg").sections]


def test_one_pool_goes_to_standard_output(run: Run) -> None:
    ended = run("haproxy", "from-pool", write("p.json", pool()))
    assert ended.status == 0
    assert headers(ended.out) == ["global", "defaults", "listen stats", "frontend frontend_0.0.0.0_80", "backend web"]
    assert "servers on 192.0.2.0/24 stand for those that the services select" in ended.err


def test_quiet_tells_no_more_than_it_must(run: Run) -> None:
    assert run("haproxy", "from-pool", "-q", write("p.json", pool())).err == ""


def test_a_pool_may_come_in_yaml_and_by_standard_input(run: Run) -> None:
    text = "apiVersion: V2\nname: p\nhaproxy:\n  stats: {bindPort: 6090}\n"
    ended = run("haproxy", "from-pool", "-", "--stdin-filename", "p.yaml", "-q", stdin=text.encode())
    assert ended.status == 0
    assert "bind 0.0.0.0:6090" in ended.out


def test_with_a_file_the_certificate_lies_beside_it(run: Run, tmp_path: Path) -> None:
    ended = run("haproxy", "from-pool", write("p.json", HTTPS), "-o", "out.cfg", "--autocert-key", "ec")
    assert (ended.status, ended.out) == (0, "")
    assert f"ssl crt {tmp_path}/autocert.pem\n" in Path("out.cfg").read_text()
    assert Path("autocert.pem").stat().st_mode & 0o777 == 0o600


def test_a_directory_for_certificates_may_be_named(run: Run, tmp_path: Path) -> None:
    options = ("--cert-dir", "certs", "--autocert-key", "ec", "-q")
    ended = run("haproxy", "from-pool", write("p.json", HTTPS), *options)
    assert f"ssl crt {tmp_path}/certs/autocert.pem\n" in ended.out
    assert Path("certs/autocert.pem").exists()


def test_on_standard_output_alone_no_certificate_is_made(run: Run) -> None:
    ended = run("haproxy", "from-pool", write("p.json", HTTPS))
    assert "the automatic certificate is made with -o or --cert-dir only" in ended.err
    assert not list(Path().rglob("*.pem"))


def test_several_pools_go_into_a_directory(run: Run, tmp_path: Path) -> None:
    write("in/a.json", {"pools": [{**HTTPS, "name": "a"}, pool(name="b")]})
    write("in/c.yaml", "apiVersion: V2\nname: c\n")
    ended = run("haproxy", "from-pool", "in", "-o", "out/", "--autocert-key", "ec", "-q")
    assert ended.status == 0
    assert sorted(path.name for path in Path("out").iterdir()) == ["a", "a.cfg", "b.cfg", "c.cfg"]
    assert f"crt {tmp_path}/out/a/autocert.pem" in Path("out/a.cfg").read_text()


@pytest.mark.parametrize("options", [[], ["-o", "out.cfg"]])
def test_several_pools_need_one(run: Run, options: list[str]) -> None:
    ended = run("haproxy", "from-pool", write("p.json", [pool(), pool(name="q")]), *options)
    assert (ended.status, ended.out) == (2, "")
    assert "several pools cannot go to" in ended.err
    assert "name a directory, as in -o DIR/" in ended.err
    assert [path.name for path in Path().iterdir()] == ["p.json"]


def test_a_bad_pool_ends_in_messages_and_nothing_else(run: Run) -> None:
    bad = {**BAD, "haproxy": {**BAD["haproxy"], "backends": [backend(name="wep")]}}
    ended = run("haproxy", "from-pool", write("p.json", json.dumps(bad, indent=1)), "-o", "out.cfg")
    assert (ended.status, ended.out) == (2, "")
    assert 'p.json:7:17: error[bad-pool-value] LBG123 "bindPort" should be from 0 to 65535, is 70000' in ended.err
    assert 'error[unknown-backend] LBG422 there is no backend "web"' in ended.err
    assert not Path("out.cfg").exists()


def test_the_others_get_theirs(run: Run) -> None:
    ended = run("haproxy", "from-pool", write("p.json", [BAD, pool()]), "-o", "out/", "-q")
    assert ended.status == 1
    assert [path.name for path in Path("out").iterdir()] == ["p.cfg"]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('{"name": "p",\n  "role": *\n}', "p.json:2:11: error[invalid-json] LBG951 expected a value, found '*'"),
        ('{"name": "p",\n  "role": "a",\n}', "p.json:2:14: error[invalid-json]"),
        ("", "p.json:1:1: error[unreadable] LBG950 the file is empty"),
    ],
)
def test_what_is_no_json_is_told_with_line_and_column(run: Run, text: str, where: str) -> None:
    ended = run("haproxy", "from-pool", write("p.json", text))
    assert ended.status == 2
    assert where in ended.err


def test_of_two_pools_with_one_name_the_first_counts(run: Run) -> None:
    ended = run("haproxy", "from-pool", write("p.json", [pool(), pool(role="*")]), "-o", "out/", "-q")
    assert ended.status == 1
    assert 'error[pool-twice] LBG321 there is a pool "p" already; this one is left out' in ended.err


def test_a_key_that_is_there_twice_is_told(run: Run) -> None:
    text = '{"apiVersion": "V2",\n "name": "a",\n "name": "b"}'
    ended = run("haproxy", "from-pool", write("p.json", text), "-q")
    assert ended.status == 0
    assert '"name" is given twice; the last one counts, the one in line 2 does not' in ended.err


def test_tasks_become_servers(run: Run) -> None:
    task = {"id": "web.1", "host": "10.0.1.128", "ports": [10006]}
    apps = write("apps.json", {"apps": [{"id": "/web", "portDefinitions": [{"name": "web"}], "tasks": [task]}]})
    ended = run("haproxy", "from-pool", write("p.json", pool()), "--tasks", apps)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.endswith("server agentip_10.0.1.128_10006 10.0.1.128:10006 check\n")


def test_tasks_that_cannot_be_read_are_told(run: Run) -> None:
    tasks = write("t.json", {"apps": [{"id": "/a", "tasks": [{"id": 5}]}]})
    ended = run("haproxy", "from-pool", write("p.json", pool()), "--tasks", tasks)
    assert (ended.status, ended.out) == (2, "")
    assert 't.json:1:41: error[wrong-type] LBG154 "id" should be a string, is the number 5' in ended.err


def test_a_line_can_say_where_it_comes_from(run: Run) -> None:
    ended = run("haproxy", "from-pool", write("p.json", pool()), "--annotate", "-q")
    assert "bind 0.0.0.0:80  # lbgen: pool=p pointer=/haproxy/frontends/0/bindPort\n" in ended.out
    assert headers(ended.out)[-1] == "backend web"


def test_edge_lbs_own_dialect_writes_no_files_beside_it(run: Run) -> None:
    run("haproxy", "from-pool", write("p.json", HTTPS), "--dialect", "edge-lb", "-o", "out.cfg", "-q")
    assert sorted(path.name for path in Path().iterdir()) == ["out.cfg", "p.json"]
    assert 'crt "$MESOS_SANDBOX/$AUTOCERT"' in Path("out.cfg").read_text()


@pytest.mark.parametrize("nameserver", ["10.0.0.2", "a b:53", ":53", "10.0.0.2:0", "10.0.0.2:65536", "10.0.0.2:٥٣"])
def test_a_name_server_has_a_port(run: Run, nameserver: str) -> None:
    ended = run("haproxy", "from-pool", write("p.json", pool()), "--nameserver", nameserver)
    assert ended.status == 2
    assert "is no address and port" in ended.err


def test_one_input_makes_one_text(run: Run) -> None:
    first = run("haproxy", "from-pool", EXAMPLE, "--cert-dir", "/certs", "--dialect", "edge-lb").out
    assert first == run("haproxy", "from-pool", EXAMPLE, "--cert-dir", "/certs", "--dialect", "edge-lb").out


def test_the_example_exposes_the_api_of_kubernetes(run: Run) -> None:
    ended = run("haproxy", "from-pool", EXAMPLE)
    assert ended.status == 0
    assert "bind 0.0.0.0:6090\n" in ended.out
    assert "bind 0.0.0.0:6443 ssl crt " in ended.out
    assert ended.out.endswith("check ssl verify none\n")
    assert "warning" not in ended.err


def test_a_pool_of_v1_becomes_one_of_v2(run: Run) -> None:
    ended = run("convert", "pool-v1", write("p.json", {"pools": [pool_v1(role="*")]}))
    assert ended.status == 0
    made = json.loads(ended.out)
    assert (made["apiVersion"], made["role"]) == ("V2", "*")
    assert made["haproxy"]["backends"][0]["services"] == [
        {"mesos": {"frameworkName": "marathon", "taskName": "web"}, "endpoint": {"portName": "web"}}
    ]


def test_pools_are_converted_one_file_each(run: Run) -> None:
    ended = run("convert", "pool-v1", write("p.json", [pool_v1(), pool_v1(name="q"), BAD]), "-o", "out/")
    assert ended.status == 1
    assert sorted(path.name for path in Path("out").iterdir()) == ["p.json", "q.json"]
    assert run("convert", "pool-v1", write("bad.json", BAD)).status == 2
