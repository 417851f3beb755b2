"""A service port is not enabled.

## What it does

Looks at `HAPROXY_{n}_ENABLED`, and with `--strict-mode` at its absence.

## Why is this bad?

Nothing is written for the port.

## Use instead

`HAPROXY_{n}_ENABLED` of `true`.
"""
