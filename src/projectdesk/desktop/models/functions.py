"""What people are usually called in projects."""

from __future__ import annotations

from typing import Final

FUNCTIONS: Final = (
    "Project manager",
    "Scientific lead",
    "Technical lead",
    "Financial officer",
    "Legal signatory",
    "Researcher",
    "Communication officer",
    "Data manager",
    "Ethics adviser",
    "Work package leader",
    "Project officer",
    "Reviewer",
    "Advisory board",
)
"""Offered while one types a function, in the language that projects work in; any text may be."""
