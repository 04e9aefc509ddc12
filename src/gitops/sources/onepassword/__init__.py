"""1Password, asked for names. A value that arrives is forgotten before anybody can look at it."""
