"""The main job from start to end, on real components, as a command.

`play` is the story; `guests` drives two guests in Chromium and `robots` stands in where there is
no Chromium, each in a process of its own that is told what to do line by line (`troupe`).

Composition: may import all.
"""
