"""What still runs when one machine is lost."""
