"""What a sample is worth: a value, nothing at all, or something that cannot be told from the configuration alone."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

from lbgen.dataclass import dataclass

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Unknown:
    """What cannot be told, and why."""

    why: str


Value = str | int | bool | IPv4Address | IPv6Address
Sample = Value | Unknown | None
"""None where HAProxy finds no sample, as for a header that is not there."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something holds, None where it cannot be judged; `why` says it in a few words."""

    truth: bool | None
    why: str = ""

    def negated(self) -> Verdict:
        """The opposite; what cannot be judged stays so."""
        return Verdict(None if self.truth is None else not self.truth, self.why)


def text_of(value: Value) -> str:
    """The value as HAProxy would write it."""
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)


def address_of(value: Value) -> Address | None:
    """The value as an address, if it is one."""
    if isinstance(value, (IPv4Address, IPv6Address)):
        return value
    try:
        return ip_address(text_of(value).strip("[]"))
    except ValueError:
        return None


def number_of(value: Value) -> int | None:
    """The value as a whole number, if it is one."""
    if isinstance(value, (bool, int)):
        return int(value)
    text = text_of(value)
    digits = text[1:] if text[:1] in {"-", "+"} else text
    return int(text) if digits.isascii() and digits.isdecimal() and len(digits) < 20 else None
