"""What `lbgen route` says, compared with what the real HAProxy does."""
