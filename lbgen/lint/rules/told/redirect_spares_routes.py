"""A redirect leaves the paths of other services alone.

## What it does

Looks at `HAPROXY_{n}_REDIRECT_TO_HTTPS` on a vhost that other services have paths on.

## Why is this bad?

HAProxy redirects before it routes, so that in Marathon-LB the other services' paths are redirected too. The
portable dialect spares them.

## Use instead

Nothing has to be done.
"""
