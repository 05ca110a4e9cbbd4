"""Another delivery address for a paid order, as long as its shops have not packed it."""
