"""The watch: checks of money and of waiting work, made on a schedule; what they find is a queue."""
