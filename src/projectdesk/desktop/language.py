"""The words on the screen in the reader's language.

English is the source and the key. A catalogue is `resources/i18n/desktop.LANGUAGE.json`: English
text to translated text, or to its plural forms. It is installed as a translator of Qt, so that
there is one mechanism for our words and Qt's, and no state of our own. Places are `{name}`;
`{count}` says which plural form is meant. A word that English has for two things names the sense
behind a bar, "Open|verb": a key of its own in the catalogues, never shown. Only the language that
is spoken is read.

Errors come with their English texts from below; `say_error` says them, out of the catalogues
`errors.LANGUAGE.json`, which are read when the first one is said; `say_worded` does the same with
what readers of files found (ADR 107).

May import: catalogues, errors, worded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtGui import QGuiApplication

from projectdesk import catalogues
from projectdesk.catalogues import ENGLISH
from projectdesk.errors import ProjectDeskError
from projectdesk.worded import Worded

_CONTEXT: Final = "desktop"
_ERRORS: Final = "errors"


class Catalogue(QTranslator):
    """The texts of one language."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language
        self._texts = catalogues.catalogue(_CONTEXT, language)

    def translate(
        self,
        context: str,
        sourceText: str,  # noqa: N803 - the name of Qt's parameter
        disambiguation: str | None = None,
        n: int = -1,
    ) -> str | None:
        text = self._texts.get(sourceText) if context == _CONTEXT else None
        if text is None:
            return None
        return catalogues.form(text, self._language, n if n >= 0 else None)

    def isEmpty(self) -> bool:
        return not self._texts


def say(text: str, /, **places: object) -> str:
    """Return `text` in the reader's language with its `{name}` places filled.

    Args:
        text: English, a literal (the catalogues are checked against the literals in the code),
            with its sense behind a bar where English has one word for two.
        places: what to fill in. `count`, a number, chooses the plural form.
    """
    number = _number(places.get("count"))
    translated = QCoreApplication.translate(_CONTEXT, text, None, number) or text
    translated = catalogues.without_sense(translated)
    return translated.format(**places) if places else translated


def say_count(count: int, one: str, many: str) -> str:
    """Return `one` or `many` with `{count}` filled, by `count`."""
    return say(one if count == 1 else many, count=count)


def say_error(error: ProjectDeskError) -> str:
    """Return what an error says, in the reader's language.

    What only repeats another error, its cause, as `{reason}` repeats it in that language too. A
    text that no catalogue has stays as it is: another program's words. A host's refusal is known by
    its code.
    """
    text = _texts_of_errors().get(error.template)
    if text is None:
        return say_refusal(error.code, error.text)
    facts = {name: _said(name, fact) for name, fact in error.facts.items()}
    cause = error.__cause__
    if isinstance(cause, ProjectDeskError) and error.facts.get("reason") == cause.text:
        facts["reason"] = say_error(cause)
    return catalogues.form(text, current(), facts.get("count")).format(**facts)


def say_refusal(code: str, text: str) -> str:
    """Return why a host refuses something, in the reader's language.

    Args:
        code: of the refusal; the page has words for it, and the desktop says the same.
        text: the host's own words, for a code that only programs get, or a later host's.
    """
    tag = current()
    return text if tag == ENGLISH else catalogues.refusals(tag).get(code, text)


def say_worded(text: str) -> str:
    """Return what a reader of files or a rule says, in the reader's language.

    What is not `Worded` is what people, or other programs, wrote: it stays as it is.
    """
    if not isinstance(text, Worded):
        return text
    known = _texts_of_errors().get(text.template)
    if known is None:
        return str(text)
    facts = {name: _said(name, fact) for name, fact in text.facts.items()}
    return catalogues.form(known, current(), facts.get("count")).format(**facts)


def _said(name: str, fact: object) -> object:
    """Return what fills a place: words of ours in the reader's language, all others as they are."""
    if name in {"field", "noun"} and isinstance(fact, str):
        # A field of a record, "lead partner", or a kind of record, as services call it in English.
        from projectdesk.desktop.models import label_words

        return label_words.field(fact) if name == "field" else label_words.noun(fact)
    return say_worded(fact) if isinstance(fact, str) else fact


def _texts_of_errors() -> Mapping[str, catalogues.Text]:
    """Return what errors say in the reader's language, by the English text."""
    tag = current()
    is_written = tag != ENGLISH and tag in catalogues.languages(_ERRORS)
    return catalogues.catalogue(_ERRORS, tag) if is_written else {}


def languages() -> dict[str, str]:
    """Return the languages that the desktop speaks: each tag with its own name."""
    spoken = catalogues.languages(_CONTEXT)
    return {tag: language.name for tag, language in catalogues.known().items() if tag in spoken}


def current() -> str:
    """Return the language that `install` made the application speak."""
    return catalogues.first_known(_CONTEXT, [QLocale().name()[:2]])


def resolve(setting: str) -> str:
    """Return the language for a setting; "" means the system's, English where we lack it."""
    return catalogues.first_known(_CONTEXT, [setting or QLocale.system().name()[:2]])


def install(application: QCoreApplication, language: str) -> list[QTranslator]:
    """Make `application` speak `language`; keep the result as long as it should.

    Dates and numbers follow too, unless the system's locale is of that language already; and the
    side from which windows are read.
    """
    system, spoken = QLocale.system(), catalogues.known()[language]
    ours = system.name()[:2] == language
    QLocale.setDefault(system if ours else QLocale(spoken.regional.replace("-", "_")))
    if isinstance(application, QGuiApplication):
        ltr, rtl = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft
        application.setLayoutDirection(rtl if spoken.right_to_left else ltr)
    if language == ENGLISH:
        return []
    installed: list[QTranslator] = [Catalogue(language)]
    qt = QTranslator()
    if qt.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        installed.append(qt)
    for translator in installed:
        application.installTranslator(translator)
    return installed


@contextmanager
def speaking(application: QCoreApplication, language: str) -> Iterator[None]:
    """Speak `language` for a while, and then as before."""
    before, ltr = QLocale(), Qt.LayoutDirection.LeftToRight
    gui = application if isinstance(application, QGuiApplication) else None
    side = gui.layoutDirection() if gui is not None else ltr
    translators = install(application, language)
    try:
        yield
    finally:
        for translator in translators:
            application.removeTranslator(translator)
        QLocale.setDefault(before)
        if gui is not None:
            gui.setLayoutDirection(side)


def _number(count: object) -> int:
    """Return a count for Qt, -1 for none: what is written out already counts by its digits."""
    if isinstance(count, int):
        return abs(count)
    return int(count) if isinstance(count, str) and count.isdecimal() else -1
