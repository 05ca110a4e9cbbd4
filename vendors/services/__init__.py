"""Services of the shop's pages that call those of several apps."""
