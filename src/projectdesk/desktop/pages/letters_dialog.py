"""Personal links that wait to be sent to those who are asked: of a poll, of a vote."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import quote
from uuid import UUID

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QCheckBox, QWidget

from projectdesk.desktop.language import say, say_count, say_error
from projectdesk.desktop.presenters.asking import Done, Failed, Letters
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S
from projectdesk.desktop.widgets.badges import Banner, Elided
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.layout import button, column, plain, row, scrolled, show_if, text
from projectdesk.errors import ProjectDeskError
from projectdesk.services.poll_rows import PollLink

_LIST_HEIGHT: Final = 300


class LettersDialog(Dialog):
    """Personal links that wait to be sent: by our mail, the mail program, or copied."""

    def __init__(
        self,
        parent: QWidget,
        letters: Letters,
        send: Callable[[Done, Failed, bool, bool], None],
        written: Callable[[UUID], None],
        warning: str = "",
    ) -> None:
        """Offer to write.

        Args:
            parent: the window it belongs to.
            letters: whom, and what.
            send: puts them into the outbox; gets whether also to who was asked already, and whether
                also with links that only this network opens.
            written: gets the voter who is being written to another way.
            warning: what has to be known of the links, "" = nothing.
        """
        title = say("Remind voters") if letters.reminder else say("Send the personal links")
        sentence = say("A link is for its voter alone: whoever has it can answer for them.")
        super().__init__(parent, title, sentence, width=600)
        self._letters, self._written, self._send = letters, written, send
        self.warning = Banner()
        self.anyway = QCheckBox(say("Send these links all the same"))
        self.again = QCheckBox(say("Also to who was asked by mail already"))
        self.add(self.warning, self.anyway)
        self.warning.say(warning)
        show_if(self.anyway, bool(warning))
        inside = column(spacing=SPACE_M)
        for link in letters.links:
            inside.addWidget(self._line(link))
        inside.addStretch(1)
        area = scrolled(plain(inside))
        area.setMinimumHeight(min(_LIST_HEIGHT, 56 * len(letters.links) + SPACE_M))
        self.add(area, self.again)
        show_if(self.again, any(voter in letters.asked for voter in letters.mails))
        self.add_button(say("Close"), "", self.accept)
        self.action = self.add_button("", "primary", self._send_all, default=True)
        if not letters.can_send:
            self.action.setToolTip(say("No mail account is set up on this computer."))
        self.again.toggled.connect(self._count)
        self.anyway.toggled.connect(self._count)
        self._count()

    def _count(self) -> None:
        """Say how many mails go out, and let them go when that is possible."""
        asked = frozenset[UUID]() if self.again.isChecked() else self._letters.asked
        count = sum(voter not in asked for voter in self._letters.mails)
        self.action.setText(say_count(count, "Send {count} mail", "Send {count} mails"))
        reached = self.anyway.isHidden() or self.anyway.isChecked()
        self.action.setEnabled(self._letters.can_send and reached and count > 0)

    def _line(self, link: PollLink) -> QWidget:
        mail = button(say("E-mail"), "", "external-link", lambda: self._mail(link))
        mail.setEnabled(link.voter_id in self._letters.mails)
        mail.setAccessibleName(say("Write an e-mail to {name}", name=link.name))
        copy = button(say("Copy text"), "", "copy", lambda: self._copy(link))
        copy.setAccessibleName(say("Copy the text for {name}", name=link.name))
        names = column(
            text(link.name, "strong"),
            Elided(self._known(link), "caption"),
            spacing=0,
        )
        line = row(names, mail, copy, spacing=SPACE_S)
        line.setStretch(0, 1)
        return plain(line)

    def _known(self, link: PollLink) -> str:
        if link.voter_id in self._letters.asked:
            return say("{address}, asked by mail already", address=link.email)
        return link.email or say("No address is known")

    def _send_all(self) -> None:
        self.action.setEnabled(False)
        self._send(self.accept, self._refuse, self.again.isChecked(), self.anyway.isChecked())

    def _refuse(self, error: ProjectDeskError) -> None:
        if error.code == "link_not_public":
            show_if(self.anyway, True)
        self._count()
        self.show_problem(say_error(error))

    def _mail(self, link: PollLink) -> None:
        mail = self._letters.mails[link.voter_id]
        body = quote(mail.text.replace("\n", "\r\n"))
        address = f"mailto:{quote(mail.recipient, safe='@')}?subject={quote(mail.subject)}"
        url = f"{address}&body={body}"
        QDesktopServices.openUrl(QUrl.fromEncoded(url.encode("ascii")))
        self._note(link)

    def _copy(self, link: PollLink) -> None:
        mail = self._letters.mails.get(link.voter_id)
        QGuiApplication.clipboard().setText(link.url if mail is None else mail.text)
        self._note(link)

    def _note(self, link: PollLink) -> None:
        if self._letters.reminder:
            self._written(link.voter_id)
