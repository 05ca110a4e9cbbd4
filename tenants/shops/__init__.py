"""What every part shares about shops: look-ups, addresses, profile, files and the audit trail."""
