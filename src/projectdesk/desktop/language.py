"""The words on the screen in the reader's language.

English is the source and the key. A catalogue is `resources/i18n/desktop.LANGUAGE.json`: English
text to translated text. It is installed as a translator of Qt, so that there is one mechanism for
our words and Qt's, and no state of our own. Places are `{name}`; plurals are two texts.

May import: resources.
"""

from __future__ import annotations

import json
from typing import Final

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from projectdesk import resources

LANGUAGES: Final = {"en": "English", "de": "Deutsch"}
_CONTEXT = "desktop"


class Catalogue(QTranslator):
    """The texts of one language."""

    def __init__(self, language: str) -> None:
        super().__init__()
        file = resources.path("i18n", f"desktop.{language}.json")
        self._texts: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))

    def translate(
        self,
        context: str,
        sourceText: str,  # noqa: N803 - the name of Qt's parameter
        disambiguation: str | None = None,
        n: int = -1,
    ) -> str | None:
        return self._texts.get(sourceText) if context == _CONTEXT else None

    def isEmpty(self) -> bool:
        return not self._texts


def say(text: str, /, **places: object) -> str:
    """Return `text` in the reader's language with its `{name}` places filled.

    Args:
        text: English, a literal (the catalogues are checked against the literals in the code).
        places: what to fill in.
    """
    translated = QCoreApplication.translate(_CONTEXT, text) or text
    return translated.format(**places) if places else translated


def say_count(count: int, one: str, many: str) -> str:
    """Return `one` or `many` with `{count}` filled, by `count`."""
    return say(one if count == 1 else many, count=count)


def current() -> str:
    """Return the language that `install` made the application speak."""
    found = QLocale().name()[:2]
    return found if found in LANGUAGES else "en"


def resolve(setting: str) -> str:
    """Return the language for a setting; "" means the system's, English where we lack it."""
    wanted = setting or QLocale.system().name()[:2]
    return wanted if wanted in LANGUAGES else "en"


def install(application: QCoreApplication, language: str) -> list[QTranslator]:
    """Make `application` speak `language`; keep the result as long as it should.

    Dates and numbers follow too, unless the system's locale is of that language already.
    """
    system = QLocale.system()
    if system.name()[:2] == language:
        QLocale.setDefault(system)
    else:
        QLocale.setDefault(QLocale("en_GB" if language == "en" else language))
    if language == "en":
        return []
    installed: list[QTranslator] = [Catalogue(language)]
    qt = QTranslator()
    if qt.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        installed.append(qt)
    for translator in installed:
        application.installTranslator(translator)
    return installed
