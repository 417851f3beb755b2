"""A pool does not say which version of the API it is written for.

## What it does

Looks for `apiVersion`.

## Why is this bad?

The documentation says that V2 is assumed, the programs assumed V1. One pool is then read in two ways, and members of
the other version are dropped without a word.

## Use instead

```json
"apiVersion": "V2"
```
"""
