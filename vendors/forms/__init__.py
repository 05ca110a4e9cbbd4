"""What people type into the shop's pages."""
