"""An app has Edge-LB labels and is not served.

## What it does

Looks at `edgelb.expose`. Without that label it is information.

## Why is this bad?

Only `true` exposes a task, in small letters.

## Use instead

```json
"edgelb.expose": "true"
```
"""
