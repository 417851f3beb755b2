"""An address to bind on is none.

## What it does

Looks at what `HAPROXY_{n}_BIND_ADDR` gives in front of the service port.

## Why is this bad?

HAProxy refuses the whole file, or binds something else than was meant.

## Use instead

An address of the load balancer, or `*`. The port is `HAPROXY_{n}_PORT`.
"""
