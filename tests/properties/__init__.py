"""Properties that hold for every input; `LBGEN_LONG=1` tries many more of them."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

LONG = os.environ.get("LBGEN_LONG") == "1"


def examples(number: int) -> settings:
    """Tries so many examples, and fifty times as many where there is time."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=number * 50 if LONG else number, deadline=None, suppress_health_check=slow)
