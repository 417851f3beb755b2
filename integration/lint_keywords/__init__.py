"""What lint says of keywords, next to what HAProxy says."""
