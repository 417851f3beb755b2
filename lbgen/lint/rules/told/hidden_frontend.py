"""A service port without a frontend has no rule either.

## What it does

Looks at services whose `FRONTEND_HEAD` opens no frontend while `FRONTEND_BACKEND_GLUE` is as usual.

## Why is this bad?

Marathon-LB would write the rule into the section in front of it, which is somebody else's. The portable dialect
leaves it out.

## Use instead

Empty both labels, or write a head that opens a frontend.
"""
