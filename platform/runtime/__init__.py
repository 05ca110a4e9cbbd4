"""Running the market on one machine: embedded services, processes, demo data."""
