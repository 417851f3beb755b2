"""A frontend uses a certificate that the pool does not make.

## What it does

Compares `$AUTOCERT`, `$SECRETS/<file>` and `$ENVFILE/<name>` with `autoCertificate`, `secrets` and
`environmentVariables`.

## Why is this bad?

HAProxy finds no such file, refuses the configuration, and the pool does not start.

## Use instead

```json
"autoCertificate": true,
"secrets": [{"secret": "shop-cert", "file": "shop"}]
```
"""
