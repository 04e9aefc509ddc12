"""A source tree in, the objects of every cluster out; pure, given its ports."""
