"""What personal data looks like: one form a file."""
