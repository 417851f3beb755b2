"""There is no such mode.

## What it does

Looks at `HAPROXY_{n}_MODE`.

## Why is this bad?

HAProxy refuses the whole file.

## Use instead

`http` or `tcp`.
"""
