"""Requests are redirected to a port where the pool does not listen.

## What it does

Looks for `redirectToHttps` in pools without a frontend of HTTPS or TLS on port 443.

## Why is this bad?

The redirect leads to `https://` on port 443, wherever the pool has its HTTPS. If no other load balancer listens
there, clients get no answer.

## Use instead

```json
{"bindPort": 443, "protocol": "HTTPS", "certificates": ["$AUTOCERT"]}
```
"""
