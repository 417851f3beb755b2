"""HAProxy's command lines, the master's and those of its workers: asking, and what the answers mean."""
