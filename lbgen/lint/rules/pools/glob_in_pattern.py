"""A regular expression is written as a glob.

## What it does

Looks for a star behind `-`, `_` or `/` in `hostReg`, `pathReg` and the patterns of selectors.

## Why is this bad?

In an expression a star repeats what stands before it: `^broker-*$` is `broker` with any number of dashes, and no task
is called so. `/api/*` is `/api` and any number of slashes, anywhere in the path.

## Use instead

```json
"taskNamePattern": "^broker-.*$"
```
"""
