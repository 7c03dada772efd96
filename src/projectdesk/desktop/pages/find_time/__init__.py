"""The page that finds a time for a meeting."""
