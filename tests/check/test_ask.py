"""Running a HAProxy: what goes wrong around it, and what becomes of its answers.

The binaries here are small scripts; integration/check asks the real ones.
"""

import os
from pathlib import Path

import pytest

from lbgen.check import binary, check
from lbgen.errors import ToolError

TEXT = "frontend f\n  bind :1 ssl crt /gone/x.pem\n"
VERSION = 'if [ "$1" = -v ]; then echo "HAProxy version 2.6.12-1 2026/10/17"; exit; fi\n'


def script(directory: Path, body: str, *, version: str = VERSION) -> str:
    """An executable that answers -v as HAProxy does, and does `body` for all else; $file is the configuration."""
    path = directory / "haproxy"
    path.write_text(f'#!/bin/sh\n{version}for file; do :; done\nroot="${{file%/haproxy.cfg}}"\n{body}\n')
    path.chmod(0o755)
    return str(path)


def test_a_configuration_without_complaints_is_accepted(tmp_path: Path) -> None:
    verdict = check(TEXT, haproxy_bin=script(tmp_path, "echo Configuration file is valid"))
    assert (verdict.accepted, verdict.status, verdict.messages) == (True, 0, ())
    assert verdict.tool == f"HAProxy 2.6.12 at {tmp_path}/haproxy"
    assert verdict.supplied == ("a throw-away certificate for /gone/x.pem",)


def test_messages_name_the_users_own_paths(tmp_path: Path) -> None:
    body = (
        'echo "[ALERT]    (7) : config : parsing [$file:2] : no key in $root/absolute/gone/x.pem, see $file:1"; exit 1'
    )
    verdict = check(TEXT, name="my.cfg", haproxy_bin=script(tmp_path, body))
    (located,) = verdict.messages
    assert (verdict.accepted, verdict.status, located.line) == (False, 1, 2)
    assert located.message.text == "no key in /gone/x.pem, see my.cfg:1"
    assert located.message.raw == "config : parsing [my.cfg:2] : no key in /gone/x.pem, see my.cfg:1"


def test_haproxy_gets_the_configuration_and_what_was_made_up(tmp_path: Path) -> None:
    body = (
        'grep -q "crt $root/absolute/gone/x.pem" "$file" && test -s "$root/absolute/gone/x.pem" && test "$WEB" = 20000'
    )
    text = f'{TEXT}  bind ":${{WEB}}"\n'
    verdict = check(text, haproxy_bin=script(tmp_path, f'{body} || echo "[ALERT]    (7) : no"'))
    assert (verdict.messages, verdict.supplied[0]) == ((), "WEB=20000")


def test_files_of_the_configuration_are_there(tmp_path: Path) -> None:
    body = 'grep -q hello "$root/absolute/gone/x.pem" || exit 1'
    verdict = check(TEXT, haproxy_bin=script(tmp_path, body), extra_files={"/gone/x.pem": "hello"})
    assert (verdict.accepted, verdict.supplied) == (True, ())


def test_the_options_of_the_run(tmp_path: Path) -> None:
    body = 'echo "[NOTICE]   (7) : $*"'
    binary_path = script(tmp_path, body)
    said = [check(TEXT, haproxy_bin=binary_path, diagnostics=on).messages[0].message.text for on in (False, True)]
    assert said == ["-c -V -dr -f haproxy.cfg", "-c -V -dr -dD -f haproxy.cfg"]


def test_nothing_to_listen_on_is_said_in_words(tmp_path: Path) -> None:
    verdict = check(TEXT, haproxy_bin=script(tmp_path, "exit 2"))
    assert (verdict.accepted, verdict.status) == (True, 2)
    assert [located.message.text for located in verdict.messages] == [
        "the configuration has no error, but it listens nowhere: HAProxy does not start with it"
    ]


def test_a_crash_is_a_refusal(tmp_path: Path) -> None:
    verdict = check(TEXT, haproxy_bin=script(tmp_path, "kill -SEGV $$"))
    assert (verdict.accepted, verdict.status) == (False, -11)
    assert [located.message.text for located in verdict.messages] == [
        "HAProxy crashed (SIGSEGV) while it read the configuration"
    ]


def test_the_same_message_twice_is_one(tmp_path: Path) -> None:
    body = 'for i in 1 2; do echo "[WARNING]  (7) : config : parsing [$file:1] : dubious"; done'
    assert len(check(TEXT, haproxy_bin=script(tmp_path, body)).messages) == 1


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ("[WARNING]  (7) : 'server s' : could not resolve address 'x', disabling server.", True),
        ("[WARNING]  (7) : Can't open global server state file '/x': No such file or directory", True),
        ("[WARNING]  (7) : Proxy 'b': Can't open server state file '/x': No such file or directory.", True),
        ("[WARNING]  (7) : Removing incomplete section 'peers p' (no peer named 'here').", True),
        ("[WARNING]  (7) : something about /gone/x.pem", True),
        ("[WARNING]  (7) : something about /other.pem", False),
        ("[ALERT]    (7) : something about /gone/x.pem", False),
    ],
)
def test_what_the_check_causes_is_known(said: str, own: bool, tmp_path: Path) -> None:
    (located,) = check(TEXT, haproxy_bin=script(tmp_path, f'echo "{said}"')).messages
    assert located.own is own


def test_temporary_files_are_gone_afterwards(tmp_path: Path) -> None:
    verdict = check(TEXT, haproxy_bin=script(tmp_path, f'echo "$root" > {tmp_path}/root'))
    assert verdict.accepted
    assert not Path((tmp_path / "root").read_text().strip()).exists()


def test_a_binary_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ToolError) as caught:
        check(TEXT, haproxy_bin=str(tmp_path / "none"))
    assert str(caught.value) == f"there is no HAProxy at {tmp_path}/none"
    assert "install HAProxy" in caught.value.help


def test_no_binary_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(binary, "_PLACES", ())
    with pytest.raises(ToolError, match="there is no HAProxy on this machine"):
        check(TEXT, how="binary")


def test_neither_binary_nor_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    monkeypatch.setattr(binary, "_PLACES", ())
    with pytest.raises(ToolError, match="neither a haproxy binary nor a container engine") as caught:
        check(TEXT)
    assert "install HAProxy" in caught.value.help


def test_auto_takes_the_binary_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path, "true")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert check(TEXT).tool == f"HAProxy 2.6.12 at {tmp_path}/haproxy"


@pytest.mark.parametrize("host", ["unix:///nowhere/docker.sock", "tcp://127.0.0.1:1"])
def test_no_container_engine(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", host)
    with pytest.raises(ToolError, match="no container engine answers") as caught:
        check(TEXT, how="container")
    assert "start Docker" in caught.value.help


def test_a_binary_that_is_no_haproxy(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="does not say that it is HAProxy"):
        check(TEXT, haproxy_bin=script(tmp_path, "true", version=""))


def test_a_file_that_cannot_be_run(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x7fELF and nothing more")
    broken.chmod(0o755)
    with pytest.raises(ToolError, match=r"broken cannot be run: Exec format error"):
        check(TEXT, haproxy_bin=str(broken))


@pytest.mark.parametrize("body", ["echo oops; exit 127", "echo oops; exit 1"])
def test_a_binary_that_fails_for_other_reasons(body: str, tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"ended with status \d+: oops"):
        check(TEXT, haproxy_bin=script(tmp_path, body))


def test_a_binary_that_hangs_is_killed(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"did not end within 0\.5 s and was killed"):
        check(TEXT, haproxy_bin=script(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 60"), seconds=0.5)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_text_that_is_no_unicode_is_passed_on(tmp_path: Path) -> None:
    body = 'grep -q "$(printf "x\\377y")" "$file" || exit 1'
    assert check("# x\udcffy \ud800?\n".replace("\ud800", ""), haproxy_bin=script(tmp_path, body)).accepted
    assert check("# \ud800\n", haproxy_bin=script(tmp_path, "true")).accepted
