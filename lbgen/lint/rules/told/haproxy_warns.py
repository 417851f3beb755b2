"""HAProxy warns of a line.

## What it does

Runs `haproxy -c` where `--check` asks for it.

## Why is this bad?

HAProxy starts, and does something else than the line says; a later version may refuse it.

## Use instead

What HAProxy says of the line.
"""
