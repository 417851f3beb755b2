"""Routing: which frontend, rule, backend and servers a request reaches, read out of a haproxy.cfg."""
