r"""An expression for hosts leaves no room for the port.

## What it does

Looks for `hostReg` with `$` at its end and no port in front of it, on HTTP frontends of other ports than 80.

## Why is this bad?

A client that asks for `http://shop.example.com:8080/` sends `shop.example.com:8080` as the host, and the expression is
compared with all of it: the rule does not apply. Where a load balancer in front of the pool listens on port 80, clients
send no port, and all is well. `hostEq` takes both.

## Use instead

```json
"hostReg": "^.*\\.example\\.com(:[0-9]+)?$"
```
"""
