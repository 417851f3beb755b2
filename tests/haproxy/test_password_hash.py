"""Hashes of passwords: the published examples of SHA-512 crypt, and what OpenSSL makes of the same."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from lbgen.haproxy.password_hash import random_salt, sha512_crypt

# Those that come with the description of the scheme: password, salt, rounds, hash.
PUBLISHED = [
    (
        "Hello world!",
        "saltstring",
        None,
        "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
    ),
    (
        "Hello world!",
        "saltstringsaltstring",
        10000,
        (
            "$6$rounds=10000$saltstringsaltst$"
            "OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v."
        ),
    ),
    (
        "This is just a test",
        "toolongsaltstring",
        5000,
        (
            "$6$rounds=5000$toolongsaltstrin$"
            "lQ8jolhgVRVhY4b5pZKaysCLi0QBxGoNeKQzQ3glMhwllF7oGDZxUhx1yxdYcz/e1JSbq3y6JMxxl8audkUEm0"
        ),
    ),
    (
        "a very much longer text to encrypt.  This one even stretches over morethan one line.",
        "anotherlongsaltstring",
        1400,
        (
            "$6$rounds=1400$anotherlongsalts$"
            "POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1"
        ),
    ),
    (
        "we have a short salt string but not a short password",
        "short",
        77777,
        "$6$rounds=77777$short$WuQyW2YR.hBNpjjRhpYD/ifIw05xdfeEyQoMxIXbkvr0gge1a1x3yRULJ5CCaUeOxFmtlcGZelFl5CxtgfiAc0",
    ),
    (
        "the minimum number is still observed",
        "roundstoolow",
        10,
        (
            "$6$rounds=1000$roundstoolow$"
            "kUMsbe306n21p9R.FRkW3IGn.S9NPN0x50YhH1xhLsPuWGsUSklZt58jaTfF4ZEQpyUNGc0dqbpBYYBaHHrsX."
        ),
    ),
]


@pytest.mark.parametrize(("password", "salt", "rounds", "hashed"), PUBLISHED)
def test_the_published_examples_come_out(password: str, salt: str, rounds: int | None, hashed: str) -> None:
    assert sha512_crypt(password.encode(), salt, rounds) == hashed


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl here")
@pytest.mark.parametrize("length", [1, 2, 3, 15, 16, 17, 63, 64, 65, 128, 200])
def test_openssl_makes_the_same_of_every_length(length: int) -> None:
    password, salt = ("pässword" * length)[:length], random_salt()
    made = subprocess.run(
        ["openssl", "passwd", "-6", "-salt", salt, "-stdin"],
        input=password.encode(),
        capture_output=True,
        check=True,
    )
    assert sha512_crypt(password.encode(), salt) == made.stdout.decode().strip()


def test_salts_differ_and_are_as_long_as_they_may_be() -> None:
    salts = {random_salt() for _ in range(100)}
    assert len(salts) == 100
    assert all(re.fullmatch(r"[./0-9A-Za-z]{16}", salt) for salt in salts)


@pytest.mark.parametrize("salt", ["a$b", "a:b", "ä", "a b", "a\n"])
def test_a_salt_holds_no_more_than_crypt_reads(salt: str) -> None:
    with pytest.raises(ValueError, match="a salt is made of"):
        sha512_crypt(b"x", salt)
