"""A file of a directory holds nothing that lbgen reads.

## What it does

Looks at files that were not named but lie in a directory that was: JSON and YAML without anything that looks like an
app, a group, a pool or a reply of Marathon, and `.cfg` files without a section of HAProxy's.

## Why is this bad?

It is not: repositories hold other files, too. It is a remark only, for who wonders why a file is not looked at.

## Use instead

Name the file, and it is read, and found fault with if it is none of these.
"""
