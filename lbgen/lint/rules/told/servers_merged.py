"""Several tasks of one address and port are one server.

## What it does

Compares the servers of each service.

## Why is this bad?

HAProxy 3.3 refuses two servers of one name. The portable dialect writes one.

## Use instead

Nothing has to be done.
"""
