"""A frontend and a backend have one name.

## What it does

Runs `haproxy -c` where `--check` asks for it; HAProxy 3.2 warns.

## Why is this bad?

HAProxy 3.3 and later refuse it.

## Use instead

The portable dialect, whose frontends have names of their own.
"""
