"""A password is set for a service in tcp mode.

## What it does

Looks at `HAPROXY_{n}_AUTH` of services in tcp mode.

## Why is this bad?

Nobody is asked for it, since nobody reads HTTP there.

## Use instead

`HAPROXY_{n}_MODE` of `http`, or a service that checks passwords itself.
"""
