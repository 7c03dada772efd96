"""Colours, spacing, type and icons as tokens; palette and style sheet made from them.

May import: resources.
"""
