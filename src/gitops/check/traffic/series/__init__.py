"""The series that programs give, and whether what is asked is among them."""
