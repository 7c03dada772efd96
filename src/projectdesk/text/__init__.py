"""Text that several people write at once: pycrdt documents and their positions.

May import: errors.
"""
