"""The meeting host: turns sockets into room events and room commands into effects.

aiohttp and asyncio, no Qt.

May import: room, media, signalling, text, folders, errors, resources; `posting` imports mail.
"""
