"""The way over: from Marathon-LB to Edge-LB, label by label, with everything that becomes different."""
