"""A pool asks for a version of its package.

## What it does

Looks for `packageVersion`.

## Why is this bad?

Edge-LB 1.2.0 and later deploy pools of their own version. One that is written down keeps a pool from being upgraded.

## Use instead

Leave the key out.
"""
