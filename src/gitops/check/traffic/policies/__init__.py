"""Network policies: what they allow, and what the objects of a cluster need them to."""
