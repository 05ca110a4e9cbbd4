"""The operators' console: pages over everyone's services, and the audit log."""
