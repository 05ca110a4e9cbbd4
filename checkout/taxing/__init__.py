"""A shop's registration for tax: checked, changed, compiled into its terms of sale, and shown by example."""
