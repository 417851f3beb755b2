"""What lint writes in place of removed directives does what the old ones did: real requests, real answers."""
