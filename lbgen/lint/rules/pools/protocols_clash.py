"""An HTTP frontend hands requests to a backend that takes connections.

## What it does

Compares the protocols of frontends with those of the backends that they name.

## Why is this bad?

HAProxy refuses the whole file.

## Use instead

HTTP and HTTPS go together, and TCP and TLS.
"""
