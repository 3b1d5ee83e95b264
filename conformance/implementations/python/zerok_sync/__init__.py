"""Client of 0k-sync."""
