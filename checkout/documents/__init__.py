"""Documents of an order on paper: invoices, credit notes, packing slips and pick-up slips, as PDF."""
