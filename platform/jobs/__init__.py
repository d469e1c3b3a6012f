"""Job records with progress; the base of every background task."""
