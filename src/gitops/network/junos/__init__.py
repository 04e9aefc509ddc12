"""The router's configuration in Junos, as statements."""
