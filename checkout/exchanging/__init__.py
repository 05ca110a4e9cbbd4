"""Other variants sent for what comes back: their prices, their order, and the money of the return that pays for it."""
