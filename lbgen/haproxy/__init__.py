"""HAProxy's own language: words, lines, sections, and the messages it answers with."""
