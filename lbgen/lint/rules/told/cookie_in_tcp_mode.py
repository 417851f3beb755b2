"""A service in tcp mode cannot be sticky by a cookie.

## What it does

Looks at `HAPROXY_{n}_STICKY` of services in tcp mode.

## Why is this bad?

Nobody reads HTTP there, so no cookie is set.

## Use instead

`HAPROXY_{n}_MODE` of `http`, or `HAPROXY_{n}_BALANCE` of `source`.
"""
