"""What the pages show, as plain view models: reads in, tables and texts out."""
