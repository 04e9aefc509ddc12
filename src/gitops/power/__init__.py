"""What happens when the mains fail: NUT's configuration, and the order of going down and up."""
