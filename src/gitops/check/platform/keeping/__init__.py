"""What must not be lost, and what must not be known."""
