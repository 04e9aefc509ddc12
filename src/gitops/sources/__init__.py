"""Every effect: disk, Git, processes, network, clock. Nothing above this layer has any."""
