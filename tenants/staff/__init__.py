"""A shop's staff: members, roles and invitations."""
