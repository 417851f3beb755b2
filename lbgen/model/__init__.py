"""What is load-balanced, and the plan of the text that will say so."""
