"""Measurements as commands; each prints its goals and never fails because one does not hold.

Composition: may import all.
"""
