"""From a plan to text: built-in templates, what may replace them, and the writer that remembers who wrote what."""
