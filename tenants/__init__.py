"""Universities, memberships and roles, provisioning, grants, context."""
