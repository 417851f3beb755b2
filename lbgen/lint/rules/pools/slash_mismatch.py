"""One path of a rewrite ends with a slash, and the other does not.

## What it does

Compares the ends of `fromPath` and `toPath`. Where only Edge-LB 1.0 minds, it is information.

## Why is this bad?

`/a/` to `/b` makes `/bx` of `/a/x`: two parts of the path run together.

## Use instead

```json
"path": {"fromPath": "/a/", "toPath": "/b/"}
```
"""
