"""Cartridges, real ones and folders that stand for them; the stage; the file of the catalogue."""
