"""A regular expression is searched for anywhere in the name.

## What it does

Looks for patterns without `^` and `$`.

## Why is this bad?

`kube-control-plane` selects `kube-control-plane-0-instance`, and `my-kube-control-plane` as well; `shop.example.com`
is also found in `shop.example.com.evil.org`.

## Use instead

`^` and `$` where the whole name is meant.
"""
