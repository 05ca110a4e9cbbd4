"""Photos that people send about an order, which only those concerned can see."""
