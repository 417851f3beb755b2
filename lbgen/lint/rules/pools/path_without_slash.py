"""A path does not begin with a slash.

## What it does

Looks at `pathBeg` of rules, `fromPath` and `toPath`.

## Why is this bad?

Every path of a request begins with `/`: the condition never holds, and nothing is rewritten.

## Use instead

```json
"pathBeg": "/api"
```
"""
