"""The page of one meeting, a tab a subject."""
