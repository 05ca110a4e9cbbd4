"""Taking back what was sold: what goes back for it, and who bears it."""
