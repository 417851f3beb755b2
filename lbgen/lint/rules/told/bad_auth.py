"""A user or a password hash cannot be written into a list of users.

## What it does

Looks at the user and the hash of `HAPROXY_{n}_AUTH`.

## Why is this bad?

HAProxy refuses the whole file at a blank, and lets nobody in without a user.

## Use instead

`realm:user:hash`; `lbgen hash` makes the hash.
"""
