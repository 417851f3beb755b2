"""Hashes of passwords, as HAProxy's lists of users take them: SHA-512 crypt, which begins with `$6$`.

The scheme is Ulrich Drepper's of 2007 (in the public domain), which glibc, musl and OpenSSL follow: salted digests of
the password, mixed for so many rounds, and written in crypt's own base 64. Python has had no `crypt` since 3.13.
"""

from __future__ import annotations

import secrets
from hashlib import sha512
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT_ROUNDS = 5000
"""What is meant where a hash names no rounds."""
FEWEST_ROUNDS, MOST_ROUNDS = 1000, 999_999_999
_ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LONGEST_SALT = 16


def random_salt() -> str:
    """A salt that nobody can foresee."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LONGEST_SALT))


def sha512_crypt(password: bytes, salt: str, rounds: int | None = None) -> str:
    """The hash of the password; without `rounds` it names none, and has 5000.

    Of the salt 16 characters count; rounds are held between 1000 and 999,999,999. Raises ValueError where the salt
    holds what crypt has no place for.
    """
    if set(salt) - set(_ALPHABET):
        raise ValueError(f"a salt is made of {_ALPHABET}")
    salt = salt[:_LONGEST_SALT]
    count = DEFAULT_ROUNDS if rounds is None else min(max(rounds, FEWEST_ROUNDS), MOST_ROUNDS)
    digest = _mixed(password, salt.encode(), count)
    named = "" if rounds is None else f"rounds={count}$"
    return f"$6${named}{salt}${''.join(_encoded(digest))}"


def _mixed(password: bytes, salt: bytes, rounds: int) -> bytes:
    digest = _first(password, salt)
    words = _repeated(sha512(password * len(password)).digest(), len(password))
    salts = _repeated(sha512(salt * (16 + digest[0])).digest(), len(salt))
    for number in range(rounds):
        odd = number % 2
        parts = (
            words if odd else digest,
            salts if number % 3 else b"",
            words if number % 7 else b"",
            digest if odd else words,
        )
        digest = sha512(b"".join(parts)).digest()
    return digest


def _first(password: bytes, salt: bytes) -> bytes:
    between = sha512(password + salt + password).digest()
    parts = [password, salt, _repeated(between, len(password))]
    length = len(password)
    while length:
        parts.append(between if length % 2 else password)
        length //= 2
    return sha512(b"".join(parts)).digest()


def _repeated(digest: bytes, length: int) -> bytes:
    return (digest * (length // len(digest) + 1))[:length]


def _encoded(digest: bytes) -> Iterator[str]:
    """Three bytes make four characters, lowest bits first; each triple goes on where the one before was turned to."""
    first, second, third = 0, 21, 42
    for _ in range(21):
        yield from _characters(digest[first] << 16 | digest[second] << 8 | digest[third], 4)
        first, second, third = second + 1, third + 1, first + 1
    yield from _characters(digest[63], 2)


def _characters(bits: int, count: int) -> Iterator[str]:
    for _ in range(count):
        yield _ALPHABET[bits & 63]
        bits >>= 6
