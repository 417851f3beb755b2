"""A backend of HTTP gets connections that are still encrypted.

## What it does

Compares TLS frontends with the backends that they name.

## Why is this bad?

A TLS frontend does not decrypt. The servers get a TLS handshake where they expect a request.

## Use instead

HTTPS for the frontend, or TLS for the backend.
"""
