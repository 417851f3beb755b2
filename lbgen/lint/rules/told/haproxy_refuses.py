"""HAProxy refuses a line.

## What it does

Runs `haproxy -c` where `--check` asks for it, and leads each message back to the app and the label that made the
line.

## Why is this bad?

With such a line HAProxy neither starts nor reloads, for anybody.

## Use instead

What HAProxy says of the line.
"""
