"""What can be done for people."""
