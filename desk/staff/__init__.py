"""Staff: sign-in, step-up, roles and rights."""
