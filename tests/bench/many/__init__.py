"""A market of very many shops: what goes through all of them, and what shows some of them."""
