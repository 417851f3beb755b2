"""`lbgen hash`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from lbgen.haproxy.password_hash import sha512_crypt
from lbgen.marathon.values import auth
from tests.console import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.command import Ended

    Run = Callable[..., Ended]


@pytest.fixture
def salt(monkeypatch: pytest.MonkeyPatch) -> str:
    """The salt of every hash here."""
    monkeypatch.setattr("lbgen.haproxy.password_hash.random_salt", lambda: "saltstring")
    return "saltstring"


@pytest.mark.parametrize("given", [b"Hello world!", b"Hello world!\n", b"Hello world!\r\n"])
def test_a_line_becomes_a_hash(run: Run, salt: str, given: bytes) -> None:
    hashed = "svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1"

    assert run("hash", stdin=given) == (f"$6${salt}${hashed}\n", "", 0)


def test_the_salt_is_another_every_time(run: Run) -> None:
    first, second = run("hash", stdin=b"tiger\n"), run("hash", stdin=b"tiger\n")

    assert re.fullmatch(r"\$6\$[./0-9A-Za-z]{16}\$[./0-9A-Za-z]{86}\n", first.out)
    assert first.out != second.out


def test_more_rounds_are_named(run: Run, salt: str) -> None:
    hashed = sha512_crypt(b"tiger", salt, 1234)

    assert run("hash", "--rounds", "1234", stdin=b"tiger\n") == (f"{hashed}\n", "", 0)
    assert hashed.startswith("$6$rounds=1234$saltstring$")


def test_with_realm_and_user_it_is_a_label(run: Run, salt: str) -> None:
    ended = run("hash", "--realm", "the shop", "--user", "joe", stdin="grün ist: schön".encode())
    hashed = sha512_crypt("grün ist: schön".encode(), salt)

    assert ended == (f"the shop:joe:{hashed}\n", "", 0)
    assert auth(ended.out.rstrip("\n")) == ("the shop", "joe", hashed)


@pytest.mark.parametrize(
    ("arguments", "stdin", "said"),
    [
        ((), b"", "the password is empty"),
        ((), b"\n", "the password is empty"),
        ((), b"a\nb\n", "the password is one line of standard input, and there is more"),
        ((), b"a\0b", "the password is one line of standard input, and there is more"),
        ((), b"a" * 2000, "the password is longer than 1024 bytes"),
        (("--realm", "shop"), b"a", "--realm and --user go together"),
        (("--user", "joe"), b"a", "--realm and --user go together"),
        (("--realm", "", "--user", "joe"), b"a", "--realm: needs a name for the realm"),
        (("--realm", "shop", "--user", "joe x"), b"a", "--user: needs a name without blanks"),
        (("--realm", "shop", "--user", ""), b"a", "--user: needs a name without blanks"),
        (
            ("--realm", "a:b", "--user", "joe"),
            b"a",
            "a colon ends the realm, and the user's name: neither can hold one",
        ),
        (
            ("--realm", "$HOME", "--user", "joe"),
            b"a",
            "--realm and --user: the label holds '$' in double quotes, which",
        ),
    ],
)
def test_what_nobody_could_log_in_with_is_refused(
    run: Run, arguments: tuple[str, ...], stdin: bytes, said: str
) -> None:
    ended = run("hash", *arguments, stdin=stdin)

    assert (ended.out, ended.status) == ("", 2)
    assert ended.err.startswith(f"lbgen: error: {said}")


def test_on_a_terminal_it_is_asked_for_twice_and_not_shown() -> None:
    master, terminal = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "lbgen", "hash", "--realm", "shop", "--user", "joe"],
        stdin=terminal,
        stderr=terminal,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        start_new_session=True,
    )
    os.close(terminal)
    shown = until(master, "Password: ")
    os.write(master, b"tiger\n")
    shown += until(master, "Repeat for confirmation: ")
    os.write(master, b"tiger\n")
    out, _ = process.communicate(timeout=30)
    os.close(master)

    assert re.fullmatch(rb"shop:joe:\$6\$[./0-9A-Za-z]{16}\$[./0-9A-Za-z]{86}\n", out)
    assert shown.split() == ["Password:", "Repeat", "for", "confirmation:"]


def until(terminal: int, prompt: str) -> str:
    """What the terminal shows up to a prompt."""
    shown = ""
    while not shown.endswith(prompt):
        shown += os.read(terminal, 1024).decode()
    return shown
