"""The schema's history of a host's database: one linear chain, landed steps are never edited."""
