"""Do both dialects answer alike? Fleets, requests, and what each dialect promises to answer."""
