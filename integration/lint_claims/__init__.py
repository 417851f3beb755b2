"""What the rules of lint say of traffic, compared with what the real HAProxy does with it."""
