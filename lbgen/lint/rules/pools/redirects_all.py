"""A frontend redirects everything to HTTPS, and names backends all the same.

## What it does

Looks for `redirectToHttps` without exceptions. Where the frontend names no backend, it is as it should be, and
information.

## Why is this bad?

HAProxy redirects before it looks for a backend: those of this frontend never get a request.

## Use instead

Exceptions for what should stay on HTTP, or no `linkBackend`.
"""
