"""States of an order and of its parts, and the moves between them: who may make each, and when."""
