"""A head opens no section while its lines need one.

## What it does

Looks at `FRONTEND_HEAD` and `BACKEND_HEAD` that do not begin with the section that they are there to open.

## Why is this bad?

The lines behind it would end up in the section in front, which is another app's.

## Use instead

Begin with `frontend {backend}` or `backend {backend}`. To hide a port, empty `FRONTEND_HEAD` together with
`FRONTEND_BACKEND_GLUE`, and leave the backend as it is.
"""
