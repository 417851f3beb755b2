"""Marathon's apps: what they are, what their labels mean, and the services that come of them."""
