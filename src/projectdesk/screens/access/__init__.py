"""What a screen reader and a keyboard find in the desktop's scenes, and what is wrong with it.

`reading` takes a window's tree from QAccessible, `rules` judge it, `keyboard` walks it by Tab,
`walking` does both over every scene. The rules are those of WCAG 2.2 that EN 301 549, chapter 11,
asks of software; what QAccessible cannot tell is in docs/adr/0099.
"""
