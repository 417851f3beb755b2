"""A pool has a key that Edge-LB does not know.

## What it does

Compares every key of a pool with those that its version of the API has at that place. `$schema` and `LBGEN_IGNORE`,
which ignores findings, are let through.

## Why is this bad?

Edge-LB drops such a key without a word. A typo, a setting one level too high, or a member of V1 in a pool of V2 is as
if it were not there: `"redirectToHttps": {"items": [..]}`, which an old table of the documentation shows, redirects
everything.

## Use instead

The key that the message suggests:

```json
"redirectToHttps": {"except": [{"pathBeg": "/.well-known/"}]}
```
"""
