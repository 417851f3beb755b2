"""No app asks for Edge-LB.

## What it does

Looks for `edgelb.expose` in all apps.

## Why is this bad?

There is no pool to make.

## Use instead

```json
"edgelb.expose": "true"
```
"""
