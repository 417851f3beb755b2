"""A frontend leads to no backend.

## What it does

Looks for frontends without `defaultBackend` and `map`, which do not redirect everything either.

## Why is this bad?

All that such a frontend answers is 503.

## Use instead

```json
"linkBackend": {"defaultBackend": "web"}
```
"""
