r"""A host name to compare with has a star in it.

## What it does

Looks for `*` in `hostEq`.

## Why is this bad?

It is compared as it stands: no request has the host `*.example.com`, and the rule never applies.

## Use instead

An expression, which takes any host below the domain:

```json
"hostReg": "^.*\\.example\\.com(:[0-9]+)?$"
```
"""
