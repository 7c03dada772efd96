"""Use cases that change data: one transaction each, announced after the commit."""
