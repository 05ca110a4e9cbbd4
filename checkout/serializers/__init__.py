"""Input and output of the cart, checkout and order API."""
