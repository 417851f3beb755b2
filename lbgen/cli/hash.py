"""`lbgen hash`: a password in, the hash for an AUTH label out."""

from __future__ import annotations

import sys

import click

from lbgen.cli.streams import put
from lbgen.errors import UsageError

_EPILOG = """Exit status: 0 the hash is printed, 2 it cannot be made.

The password is one line of standard input; on a terminal it is asked for, twice, and not shown. HAProxy computes the
hash at every request that carries a password: more rounds cost it time, too."""


@click.command(epilog=_EPILOG)
@click.option("--realm", metavar="TEXT", help="With --user: print the whole value of HAPROXY_{n}_AUTH.")
@click.option("--user", metavar="NAME", help="With --realm: who the password is for.")
@click.option(
    "--rounds", type=click.IntRange(1000, 1_000_000), metavar="NUMBER", help="Rounds of hashing.  [default: 5000]"
)
def command(realm: str | None, user: str | None, rounds: int | None) -> int:
    """Print the SHA-512 hash of a password, as lists of users and AUTH labels take it."""
    from lbgen.haproxy.password_hash import random_salt, sha512_crypt

    _check(realm, user)
    hashed = sha512_crypt(_password(), random_salt(), rounds)
    put(f"{hashed}\n" if user is None else f"{realm}:{user}:{hashed}\n")
    return 0


def _check(realm: str | None, user: str | None) -> None:
    from lbgen.marathon.values import auth

    if (realm is None) != (user is None):
        raise UsageError("--realm and --user go together")
    if realm is None or user is None:
        return
    if not realm or user.split() != [user]:
        raise UsageError("--realm: needs a name for the realm" if not realm else "--user: needs a name without blanks")
    if ":" in realm or ":" in user:
        raise UsageError("a colon ends the realm, and the user's name: neither can hold one")
    try:
        auth(f"{realm}:{user}:hash")
    except ValueError as error:
        raise UsageError(f"--realm and --user: the label {error}") from None


def _password() -> bytes:
    """What is to be hashed; raises UsageError where it is nothing that anybody could log in with."""
    if sys.stdin is None:
        raise UsageError("the password is one line of standard input, which is closed")
    if sys.stdin.isatty():
        text: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        given = text.encode()
    else:
        given = sys.stdin.buffer.read(_MOST + 1).removesuffix(b"\n").removesuffix(b"\r")
    if not given:
        raise UsageError("the password is empty")
    if len(given) > _MOST:
        raise UsageError(f"the password is longer than {_MOST} bytes")
    if b"\n" in given or b"\0" in given:
        raise UsageError("the password is one line of standard input, and there is more")
    return given


_MOST = 1024
"""Far more than a header of a request holds."""
