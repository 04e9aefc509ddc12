"""What machines are configured for, and what the objects of their cluster need of them."""
