"""A task runs on a host whose name or address is not usable.

## What it does

Looks at `host` and the addresses of each task.

## Why is this bad?

Nothing can be reached there; the task is no server.

## Use instead

A host name or an IP address, as agents of Mesos report it.
"""
