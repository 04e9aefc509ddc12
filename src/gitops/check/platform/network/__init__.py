"""The network of the fleet: addresses, BGP and the mesh of clusters."""
