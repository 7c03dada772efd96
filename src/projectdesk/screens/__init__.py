"""Pictures of every page, dialog and state from the sample data.

Composition: may import all.
"""
