"""Discovery of clusters and the order in which their units are compiled."""
