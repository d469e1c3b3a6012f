"""Papers and tables that leave the house: the one formula-safe writer."""
