"""A rule is ignored, and nobody says why.

## What it does

Looks for the reason behind the rules in labels and keys `LBGEN_IGNORE` and in comments `# lbgen: ignore[...]`. What is
ignored stays ignored all the same.

## Why is this bad?

Whoever comes next cannot tell whether the reason is still there, and does not dare to take it away.

## Use instead

```json
"LBGEN_IGNORE": "vhost-wildcard: the router in front expands it"
```
"""
