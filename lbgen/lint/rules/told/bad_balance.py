"""There is no such balance algorithm.

## What it does

Looks at the first word of `HAPROXY_{n}_BALANCE`.

## Why is this bad?

HAProxy refuses the whole file.

## Use instead

`roundrobin`, `leastconn`, `source`, and the others that the message lists.
"""
