"""The host of a task has no address.

## What it does

Asks the resolver, or what `--hosts` gives, for the IPv4 address of every agent. Lint resolves nothing.

## Why is this bad?

The task is no server, and an app without any is left out.

## Use instead

Give addresses with `--hosts` where the resolver does not know them.
"""
