"""How a Marathon is reached: where, as whom, whom to believe, and how long to wait."""

from __future__ import annotations

import ssl
from dataclasses import field
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from lbgen.live.marathon.credentials import Credentials
    from lbgen.live.marathon.endpoint import Endpoint


@dataclass(frozen=True, slots=True)
class Access:
    """What a source needs to know; times are in seconds.

    `read_seconds` is the longest silence within an answer, `total_seconds` the longest that an answer may take in all.
    An event stream is given up after a silence of `silence_seconds`: Marathon gives a sign of life every ten. The wait
    between two attempts grows up to `max_backoff_seconds`. More than `most_bytes` are not taken in: there is room for
    ten thousand apps with a hundred thousand tasks.
    """

    endpoints: tuple[Endpoint, ...]
    credentials: Credentials | None = field(default=None, repr=False)
    ca_file: Path | None = None
    verify: bool = True
    connect_seconds: float = 3.05
    read_seconds: float = 46
    total_seconds: float = 120
    silence_seconds: float = 60
    max_backoff_seconds: float = 300
    most_bytes: int = 256 * 1024 * 1024

    def __post_init__(self) -> None:
        if not self.endpoints:
            raise UsageError("no endpoint of Marathon is given")
        if self.ca_file is not None:
            _refuse_bad(self.ca_file)


def _refuse_bad(ca_file: Path) -> None:
    try:
        ssl.create_default_context(cafile=str(ca_file))
    except ssl.SSLError:
        raise UsageError(f"{ca_file} holds no certificate in PEM") from None
    except OSError as error:
        raise UsageError(f"{ca_file} cannot be read: {error.strerror}") from None
