"""Units that buyers send back: asked for, decided, received, and paid back."""
