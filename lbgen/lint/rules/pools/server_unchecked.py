"""A host name of a pool is not looked up again.

## What it does

Looks for services of type `ADDRESS` with a host name and no check.

## Why is this bad?

HAProxy looks a name up again only where it checks the server. When the address changes, requests go to the old one.

## Use instead

Leave `check` enabled.
"""
