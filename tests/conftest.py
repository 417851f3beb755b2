"""What all unit tests share: examples are not judged by the clock, and in CI they are the same every time."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

IN_CI = os.environ.get("CI", "").lower() not in {"", "0", "false"}

settings.register_profile(
    "lbgen", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=IN_CI, print_blob=True
)
settings.load_profile("lbgen")
