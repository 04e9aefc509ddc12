"""Backups on tape: which cartridge is next, what is on it, and whether it can be read."""
