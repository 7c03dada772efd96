"""The steps of the chain, in order of their numbers."""
