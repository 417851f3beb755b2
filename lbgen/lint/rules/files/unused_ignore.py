"""A rule is ignored that has nothing to say.

## What it does

Looks at labels and keys `LBGEN_IGNORE` and comments `# lbgen: ignore[...]` that take no finding away. A word for
several rules, as `LBG4`, is used where one of them has something to say. Rules that only `--check` can find are not
counted where HAProxy is not asked.

## Why is this bad?

What was wrong is mended, and the note stays. The next time that it goes wrong, nobody hears of it.

## Use instead

Take the label or the comment away, or the one rule out of it. `lbgen lint --fix` takes away labels that ignore nothing
at all.
"""
