"""The API over HTTP: a table of endpoints, what stands guard before them, and how answers are written."""
