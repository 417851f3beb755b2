"""A name in a pool holds what it must not.

## What it does

Checks the names of the pool, its namespace, its frontends and backends.

## Why is this bad?

Edge-LB refuses the first two. It takes any name of a backend, and HAProxy then refuses the file: it knows letters,
digits, `:`, `_`, `.` and `-`.

## Use instead

```json
"name": "shop-web"
```
"""
