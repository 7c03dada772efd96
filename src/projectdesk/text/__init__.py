"""Text that several people write at once: Yjs documents and the positions in them.

Why it exists: the desktop's editors, the page and a host must be able to change the same notes and
merge them later (decisions 12). `minutes` holds the document of one meeting's minutes, `positions`
converts between the UTF-16 units of Qt and yjs and the UTF-8 bytes of pycrdt. It knows no database
and no thread of its own; who keeps the updates is told of each.

May import: errors.
"""
