"""The Qt application: what a project manager sees and touches.

No asyncio here; slow work runs on the pool of `runtime`, results come back by signal.

PySide6 puts itself in the place of `__import__` and reads the source of every module imported
after it, to learn whether the module asks for `from __feature__ import snake_case`. Ours never do,
and for SQLAlchemy alone the reading takes half as long as the import. So the import that PySide6
set aside (`builtins.__orig_import__`, published by its `shibokensupport.signature.loader`) is put
back here, before anything else of the desktop is loaded.

May import: services, signalling, domain, secrets, errors, resources.
"""

from __future__ import annotations

import builtins

import PySide6.QtCore  # noqa: F401 - what sets the import aside

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
