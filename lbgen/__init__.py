"""Translate Marathon labels and Edge-LB pools into haproxy.cfg, and prove the result with the real HAProxy."""

__version__ = "0.1.0"
