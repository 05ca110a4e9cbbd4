"""Name of Paystack."""

LABEL = "Paystack"
