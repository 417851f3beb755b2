"""Port 443 is grouped by vhost and does without the map.

## What it does

Looks at `--haproxy-map` together with `--group-https-by-vhost`.

## Why is this bad?

In Marathon-LB only the first vhost works on 443 then. The portable dialect writes a rule for each.

## Use instead

Nothing has to be done.
"""
