"""An exception from a redirect holds for everything.

## What it does

Looks for entries of `except` with neither `host` nor `pathBeg`.

## Why is this bad?

Every request meets no condition at all: nothing is redirected.

## Use instead

```json
"except": [{"pathBeg": "/.well-known/acme-challenge/"}]
```
"""
