"""A setting of a pool does nothing where it stands.

## What it does

Looks for settings that others make void: `rewriteHttp` in a backend of TCP or TLS, certificates of an HTTP or TCP
frontend, `host` while `setHostHeader` is off, `path` while neither side is rewritten, `httpchkMiscStr` without
`httpchk`, details of a check or cookie that is turned off, a name beside its pattern, selectors of an `ADDRESS`.

## Why is this bad?

It looks as if it were in force.

## Use instead

Turn on what the setting belongs to, or leave it out:

```json
"customCheck": {"httpchk": true, "httpchkMiscStr": "GET /health"}
```
"""
