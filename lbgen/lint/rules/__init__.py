"""The rules, a package for each family; `RULES` of a family is its part of the registry."""
