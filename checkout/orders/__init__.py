"""Orders, payments and refunds as every use case needs them: look-ups and locks."""
