"""HAProxy points at something unusual.

## What it does

Runs `haproxy -c` where `--check` asks for it.

## Why is this bad?

It works, and may not be what was meant.

## Use instead

What HAProxy says of the line.
"""
