"""The page of one project, a tab a subject."""
