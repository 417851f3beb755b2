"""A running HAProxy for each pool: a process of this machine, or a container."""
