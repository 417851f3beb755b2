"""There is no such balance algorithm, or not with these arguments.

## What it does

Looks at `HAPROXY_{n}_BALANCE`: the algorithm, and the arguments behind it.

## Why is this bad?

HAProxy refuses the whole file.

## Use instead

`roundrobin`, `leastconn`, `source`, and the others that the message lists.
"""
