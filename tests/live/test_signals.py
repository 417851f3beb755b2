"""Signals are waited for like messages, and none is lost."""

from __future__ import annotations

import os
import signal
import threading
import time

from lbgen.live.signals import Signals


def test_signals_wait_for_whoever_asks_later() -> None:
    before = signal.getsignal(signal.SIGUSR2)
    try:
        with Signals(signal.SIGUSR2) as signals:
            os.kill(os.getpid(), signal.SIGUSR2)
            time.sleep(0)
            signals.wake()
            assert [signals.wait(), signals.wait()] == [signal.SIGUSR2, 0]
        signals.wake()
    finally:
        signal.signal(signal.SIGUSR2, before)


def test_a_signal_ends_the_waiting_at_whatever_moment_it_comes() -> None:
    before = signal.getsignal(signal.SIGUSR2)
    try:
        with Signals(signal.SIGUSR2) as signals:
            for _ in range(300):
                threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGUSR2)).start()
                assert signals.wait() == signal.SIGUSR2
    finally:
        signal.signal(signal.SIGUSR2, before)
