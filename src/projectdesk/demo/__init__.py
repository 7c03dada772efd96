"""The main job from start to end, on real components, as a command.

Composition: may import all.
"""
