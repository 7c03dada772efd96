"""QtQml without QML: its engine runs scripts of proxies; PyInstaller's own hook brings all of QML.

May import: PyInstaller.
"""

from PyInstaller.utils.hooks.qt import add_qt6_dependencies  # type: ignore[import-untyped]

hiddenimports, binaries, datas = add_qt6_dependencies(__file__)
