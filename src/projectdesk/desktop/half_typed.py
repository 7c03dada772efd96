"""Keeps what a person types until it is saved, and gives it back after the desktop was killed.

It looks at the field that has the focus, whichever it is, so that no page has to do anything for
it. What is not saved is written within a second; what is saved, emptied or dismissed is forgotten.
At the next start a text is put back into its field as soon as the person comes to it (of a field
of the page that is shown again: at once); the others wait in a list.

May import: widgets, runtime.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from projectdesk.desktop.language import say
from projectdesk.desktop.runtime.draft_file import Draft, keep_drafts, read_drafts
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.half_typed import (
    FieldName,
    TextField,
    as_field,
    fields_in,
    name_of,
    put_back,
    saved_text,
    text_of,
    unsaved,
)

WRITTEN_MS: Final = 400
_SEEK_MS: Final = 250
_SEEK_TIMES: Final = 40


@dataclass
class _Touched:
    """A field that the person came to. before: what it held then. name: as it was seen last."""

    field: TextField
    before: str
    name: FieldName

    def look_again(self, field: TextField, context: str) -> None:
        """Note what the field stands for now: an inspector has one for each of its records."""
        name = name_of(field, context)
        if name.key != self.name.key and not isinstance(field.window(), Dialog):
            self.before = saved_text(field, text_of(field))
        self.name = name


class HalfTyped(QObject):
    """One for each window. waiting: the texts that wait to be asked for, changed."""

    waiting = Signal()

    def __init__(
        self,
        session: Session,
        data: Path,
        window: QWidget,
        context: Callable[[], str],
        parent: QObject | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Make it.

        Args:
            session: writes, and tells.
            data: the data folder.
            window: the main window, whose page is looked through after a start.
            context: where one is, such as the id of the meeting that is shown.
            parent: owner.
            now: the clock, UTC.
        """
        super().__init__(parent)
        self._session = session
        self._data = data
        self._window = window
        self._context = context
        self._now = now
        self._left = read_drafts(data, now())
        self._found = list(self._left)
        self._touched: list[_Touched] = []
        self._dialogs: list[Dialog] = []
        self._written: dict[str, str] | None = None
        self._writing = QTimer(self, singleShot=True, interval=WRITTEN_MS)
        self._writing.timeout.connect(self._write)
        self._seeking = QTimer(self, interval=_SEEK_MS)
        self._seeking.timeout.connect(self._seek)
        self._sought = 0
        self._looking = False

    @property
    def left(self) -> list[Draft]:
        """The texts of earlier sessions that nobody has asked for yet, the newest first."""
        return sorted(self._left.values(), key=lambda each: each.at, reverse=True)

    def start(self) -> None:
        """Begin to look at what has the focus."""
        application = QApplication.instance()
        if isinstance(application, QApplication) and not self._looking:
            application.focusChanged.connect(self._on_focus)
            self._looking = True

    def came_back(self) -> None:
        """The place of the last time is shown: look for the field that was being typed into."""
        if self._left:
            self._sought = 0
            self._seeking.start()

    def stop(self) -> None:
        """Write what is typed now and look no more. Idempotent."""
        self._seeking.stop()
        self._writing.stop()
        application = QApplication.instance()
        if isinstance(application, QApplication) and self._looking:
            application.focusChanged.disconnect(self._on_focus)
            self._looking = False
            self._written = {}  # what waits to be written is older
            keep_drafts(self._data, self._drafts())

    def dismiss(self, key: str) -> None:
        """Forget a text of an earlier session."""
        if self._left.pop(key, None) is not None:
            self._soon()
            self.waiting.emit()

    # --- looking

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._soon()
        if new is None:
            return
        window = new.window()
        if isinstance(window, Dialog):
            self._come_to_dialog(window)
        field = as_field(new)
        if field is not None:
            self._come_to(field)

    def _come_to_dialog(self, dialog: Dialog) -> None:
        """Note what a dialog says before anybody types, all of it; give back what was typed."""
        if dialog in self._dialogs:
            return
        self._dialogs.append(dialog)
        dialog.destroyed.connect(self._soon)
        dialog.finished.connect(lambda: self._close(dialog))
        for field in fields_in(dialog):
            self._come_to(field)

    def _close(self, dialog: Dialog) -> None:
        if dialog in self._dialogs:
            self._dialogs.remove(dialog)
        self._touched = [
            each
            for each in self._touched
            if isValid(each.field) and each.field.window() is not dialog
        ]
        self._soon()

    def _come_to(self, field: TextField) -> None:
        known = next((each for each in self._touched if each.field is field), None)
        if known is None:
            name = name_of(field, self._context())
            self._touched.append(_Touched(field, text_of(field), name))
            field.textChanged.connect(self._soon)
        else:
            known.look_again(field, self._context())
        self._give_back(field)

    def _give_back(self, field: TextField) -> None:
        """Put back what was typed into this field, unless it says something else by now."""
        if not self._left:
            return
        draft = self._left.get(name_of(field, self._context()).key)
        if draft is None or text_of(field) not in ("", draft.before):
            return
        del self._left[draft.key]
        put_back(field, draft.text)
        words = say("What you had typed is back: {field}.", field=draft.label or draft.where)
        self._session.tell(Notice(words))
        self.waiting.emit()

    def _seek(self) -> None:
        """Come to the field of the page that was being typed into, unless the person types."""
        self._sought += 1
        focused = as_field(QApplication.focusWidget())
        dialog = QApplication.activeModalWidget()
        if focused is None and dialog is None:
            context = self._context()
            for field in fields_in(self._window):
                if field.isEnabled() and name_of(field, context).key in self._left:
                    field.setFocus()
                    self._come_to(field)  # in a window that is not active, nothing gets the focus
                    break
        if self._sought >= _SEEK_TIMES or not self._left or dialog is not None:
            self._seeking.stop()
            self.waiting.emit()

    # --- keeping

    def _soon(self) -> None:
        if not self._writing.isActive():
            self._writing.start()

    def _drafts(self) -> list[Draft]:
        """Return all that is not saved: of now, and of earlier what nobody asked for yet."""
        self._touched = [each for each in self._touched if isValid(each.field)]
        found = dict(self._left)
        context, now = self._context(), self._now()
        for each in self._touched:
            field = as_field(each.field)
            if field is None:
                continue
            if field.isVisible():  # on another page, it is still what it was
                each.look_again(field, context)
            words, name = unsaved(field, each.before), each.name
            if words is not None:
                found[name.key] = Draft(name.key, words, now, each.before, name.label, name.where)
        return list(found.values())

    def _write(self) -> None:
        drafts = self._drafts()
        texts = {each.key: each.text for each in drafts}
        if texts == self._written or (self._written is None and not texts and not self._found):
            return
        self._written = texts
        data = self._data
        self._session.ask(lambda _: keep_drafts(data, drafts) if self._written is texts else None)
