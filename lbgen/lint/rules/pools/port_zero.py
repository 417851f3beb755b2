"""A service of a pool has the address of a server with port 0.

## What it does

Looks at the ports of services of type `ADDRESS`.

## Why is this bad?

Nobody listens on port 0: every request is answered with 503.

## Use instead

The port that the server listens on.
"""
