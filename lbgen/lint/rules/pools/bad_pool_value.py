"""A value of a pool is none that Edge-LB or HAProxy takes.

## What it does

Checks protocols, addresses, ports, numbers, certificates, and every text that ends up in haproxy.cfg: it has to stay
in its line, with nothing of the global section, of the environment, or of another section in it.

## Why is this bad?

Edge-LB refuses the pool, or HAProxy refuses what comes of it, and the load balancers go on with their old file.

## Use instead

A value of the kind that the message names.
"""
