"""A finding of the baseline is gone.

## What it does

Compares the file that `--baseline` names with what is found. It speaks of entries that nothing matches any more, for
files that are read in this run, or that are not there any more.

## Why is this bad?

It is good news: somebody mended it. But an entry that stays lets the same mistake come back without a word.

## Use instead

`lbgen lint --baseline FILE --write-baseline PATH...` writes the file anew, without what is gone.
"""
