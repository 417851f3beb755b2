"""`lbgen haproxy diff`: between files, between apps, with whose lines these are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.command import Ended

    Run = Callable[..., Ended]


def app(name: str = "/shop", port: int = 10001, **labels: str) -> dict[str, Any]:
    return {
        "id": name,
        "instances": 1,
        "ports": [port],
        "labels": {"HAPROXY_GROUP": "external", **{f"HAPROXY_0_{key}": value for key, value in labels.items()}},
    }


def put(path: str, *apps: dict[str, Any]) -> str:
    Path(path).parent.mkdir(exist_ok=True)
    Path(path).write_text(json.dumps(apps))
    return path


def test_of_apps_names_app_and_label(run: Run) -> None:
    old = put("old.json", app(BALANCE="roundrobin", MODE="http"))
    new = put("new.json", app(BALANCE="leastconn", MODE="http"), app("/new", 10002, MODE="http"))
    ended = run("haproxy", "diff", old, new)
    assert ended.status == 1
    assert ended.err == "lbgen: 2 sections are new, 2 sections differ\n"
    assert (
        ended.out
        == """\
  frontend marathon_http_appid_in
+   acl app__new hdr(x-marathon-app-id) -i /new               # /new
+   use_backend new_10002 if app__new                         # /new

+ frontend new_10002_in
+   bind *:10002                                              # /new
+   mode http                                                 # /new HAPROXY_0_MODE
+   use_backend new_10002                                     # /new

+ backend new_10002
+   balance roundrobin                                        # /new
+   mode http                                                 # /new HAPROXY_0_MODE
+   option forwardfor                                         # /new
+   http-request set-header X-Forwarded-Port %[dst_port]      # /new
+   http-request add-header X-Forwarded-Proto https if { ssl_fc }  # /new
+   server 192_0_2_1_31000 192.0.2.1:31000 id 7051            # /new

  backend shop_10001
-   balance roundrobin                                        # /shop HAPROXY_0_BALANCE
+   balance leastconn                                         # /shop HAPROXY_0_BALANCE
"""
    )


def test_of_annotated_files_names_app_and_label(run: Run) -> None:
    for name, balance in (("old", "roundrobin"), ("new", "leastconn")):
        run("haproxy", "from-app", "--annotate", put(f"{name}.json", app(BALANCE=balance)), "-o", f"{name}.cfg")
    ended = run("haproxy", "diff", "old.cfg", "new.cfg")
    assert [line.split("  # ")[1] for line in ended.out.splitlines()[1:]] == ["/shop HAPROXY_0_BALANCE"] * 2


def test_of_a_file_and_apps(run: Run) -> None:
    run("haproxy", "from-app", put("apps/old.json", app()), "-o", "running.cfg")
    assert run("haproxy", "diff", "running.cfg", "apps").status == 0
    put("apps/old.json", app(STICKY="true"))
    ended = run("haproxy", "diff", "running.cfg", "apps", "-q")
    assert ended.status == 1
    assert "HAPROXY_0_STICKY" in ended.out
    assert ended.err == ""


def test_nothing_differs(run: Run) -> None:
    path = put("a.json", app())
    ended = run("haproxy", "diff", path, path)
    assert (ended.out, ended.err, ended.status) == ("", "lbgen: nothing differs\n", 0)


def test_unified(run: Run) -> None:
    Path("old.cfg").write_text("global\n  maxconn 10\n")
    Path("new.cfg").write_text("global\n  maxconn 20")
    ended = run("haproxy", "diff", "old.cfg", "new.cfg", "--unified")
    assert ended.status == 1
    assert (
        ended.out
        == """\
--- old.cfg
+++ new.cfg
@@ -1,2 +1,2 @@
 global
-  maxconn 10
+  maxconn 20
\\ No newline at end of file
"""
    )


def test_several_groups_are_compared_each_with_its_own(run: Run) -> None:
    def both(balance: str) -> list[dict[str, Any]]:
        internal = app("/in", 10002, BALANCE=balance)
        internal["labels"]["HAPROXY_GROUP"] = "internal"
        return [app(), internal]

    old, new = put("old.json", *both("source")), put("new.json", *both("first"))
    ended = run("haproxy", "diff", old, new)
    assert ended.out.startswith("== internal ==\n  backend in_10002\n")
    assert "external" not in ended.out
    assert run("haproxy", "diff", old, new, "--group", "external").status == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no configuration can be generated"),
        ('{"id": "/a"}', "no configuration can be generated: there is no app in it"),
    ],
)
def test_what_cannot_be_generated_is_told(run: Run, text: str, said: str) -> None:
    Path("bad.json").write_text(text)
    ended = run("haproxy", "diff", "bad.json", "bad.json")
    assert (ended.out, ended.status) == ("", 2)
    assert said in ended.err


def test_files_that_are_not_there(run: Run) -> None:
    ended = run("haproxy", "diff", "none.cfg", "none.cfg")
    assert (ended.out, ended.status) == ("", 2)
    assert "there is no such file" in ended.err


def test_nothing_of_a_files_reaches_the_terminal_raw(run: Run) -> None:
    Path("old.cfg").write_text("global\n  # x\n")
    Path("new.cfg").write_text("global\n  log \x1b[2J\n")
    assert "\x1b" not in run("haproxy", "diff", "old.cfg", "new.cfg").out
