"""What can be done with shops, their members and their schemas."""
