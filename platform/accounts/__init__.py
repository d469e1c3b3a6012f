"""People, sign-in, second factor, invitations, assignments of the association."""
