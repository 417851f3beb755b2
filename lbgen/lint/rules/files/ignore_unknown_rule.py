"""A rule is ignored that does not exist.

## What it does

Looks up every word of the labels and keys `LBGEN_IGNORE` and of the comments `# lbgen: ignore[...]`. It is a code
(`LBG406`), a name (`vhost-wildcard`), the beginning of codes (`LBG4`) or `ALL`.

## Why is this bad?

Nothing is ignored, and who reads it thinks otherwise.

## Use instead

A label holds entries by semicolons or lines. An entry is a rule, or several by commas, a colon or `because`, and the
reason. `LBGEN_IGNORE` counts for the whole app, `LBGEN_IGNORE_HAPROXY_0_VHOST` for that label alone.

```json
"LBGEN_IGNORE": "vhost-wildcard: the router in front expands it; LBG204 because the range is being moved"
```

A comment in YAML or in haproxy.cfg counts for its line. On a line of its own it counts for the next one.

```
bind :9090  # lbgen: ignore[control-endpoint-open] nobody else can reach this network
```
"""
