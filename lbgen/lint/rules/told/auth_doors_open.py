"""A password is not asked for on the service port and on 9091.

## What it does

Looks at services with `HAPROXY_{n}_AUTH` whose list of users is called otherwise than usual.

## Why is this bad?

No rule can ask a list of unknown name: everybody gets in by these doors.

## Use instead

Keep `userlist user_{backend}` in `HAPROXY_{n}_USERLIST_HEAD`.
"""
