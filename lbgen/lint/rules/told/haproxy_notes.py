"""HAProxy notes something.

## What it does

Runs `haproxy -c` where `--check` asks for it.

## Why is this bad?

It says more of another message, or of the machine that it was asked on.

## Use instead

Nothing has to be done.
"""
