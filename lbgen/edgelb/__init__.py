"""What is Edge-LB's: pools of both versions, which tasks they select, and the plan of their configuration."""
