"""A realm is filled in.

## What it does

Looks at `HAPROXY_{n}_AUTH` without a realm.

## Why is this bad?

Marathon-LB would not ask for the password at all. The portable dialect does, with the app's id as the realm.

## Use instead

`realm:user:hash`, with a realm.
"""
