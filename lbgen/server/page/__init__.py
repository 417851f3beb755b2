"""Pages for people who would rather look: everything is read, and nothing can be changed."""
