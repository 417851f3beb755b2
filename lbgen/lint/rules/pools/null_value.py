"""A value of a pool is null.

## What it does

Looks for keys of a pool whose value is `null`.

## Why is this bad?

Null is not the same as leaving the key out: it takes away what Edge-LB would fill in, such as the three headers that
`rewriteHttp` sets. When Edge-LB next reads the stored pool, the default may be back.

## Use instead

Leave the key out for the default, or write the value that is meant.
"""
