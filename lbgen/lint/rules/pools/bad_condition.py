"""A rule asks what its frontend cannot see.

## What it does

Looks for conditions on TCP frontends, and for conditions about paths on TLS frontends.

## Why is this bad?

A TCP frontend sees nothing of a request. A TLS frontend passes connections on encrypted, and sees the host name of
the handshake alone. Edge-LB leaves such conditions out without a word, so that the first rule takes everything.

## Use instead

HTTPS, which decrypts:

```json
"protocol": "HTTPS"
```

or a frontend for each backend.
"""
