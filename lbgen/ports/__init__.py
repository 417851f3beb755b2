"""Ports: who binds what on a load-balancer node, and who clashes with whom."""
