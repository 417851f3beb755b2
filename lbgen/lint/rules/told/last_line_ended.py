r"""The last line of a template is ended for it.

## What it does

Looks at labels that replace templates and do not end with a newline.

## Why is this bad?

Marathon-LB would write on in the same line. The portable dialect ends it.

## Use instead

End the text with `\n`.
"""
