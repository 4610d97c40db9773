"""What a member of staff looked at, for supervisors."""
