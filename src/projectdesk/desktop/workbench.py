"""The desktop put together: pages in the shell, and who may go where.

Imported when the window is painted, because it loads the services.

May import: all of the desktop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from projectdesk.desktop.call.calls import Calls
from projectdesk.desktop.coming import Coming
from projectdesk.desktop.doings import Doings, suggestions
from projectdesk.desktop.dropped import CalendarDrops
from projectdesk.desktop.half_typed import HalfTyped
from projectdesk.desktop.hits import icon_of, route_of
from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.words import word
from projectdesk.desktop.outside import Outside
from projectdesk.desktop.preferences import Preferences
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.projects import ProjectListPresenter
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.presenters.searching import SearchPresenter
from projectdesk.desktop.presenters.undoing import UndoPresenter
from projectdesk.desktop.returning import Returning, show_again
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.action_desks import ActionDesks
from projectdesk.desktop.runtime.daily import Daily
from projectdesk.desktop.runtime.effort_desks import EffortDesks
from projectdesk.desktop.runtime.feed_desks import FeedDesks
from projectdesk.desktop.runtime.hosts import Hosts
from projectdesk.desktop.runtime.mailing import Mailing
from projectdesk.desktop.runtime.minutes_desks import MinutesDesks
from projectdesk.desktop.runtime.places import places
from projectdesk.desktop.runtime.poll_desks import PollDesks
from projectdesk.desktop.runtime.pool import Request
from projectdesk.desktop.runtime.procedure_desks import ProcedureDesks
from projectdesk.desktop.runtime.session import Notice, WorkspaceSession
from projectdesk.desktop.runtime.typed_lines import TypedLines
from projectdesk.desktop.shell.search_palette import Suggestion
from projectdesk.desktop.shell.shell import Shell
from projectdesk.desktop.team_link import TeamLink
from projectdesk.desktop.widgets.column_layout import ColumnKeeper
from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.errors import ProjectDeskError
from projectdesk.services.rows import Hit, ImportReport, Kind, MeetingRow, ProjectRow

if TYPE_CHECKING:
    from projectdesk.desktop.pages.import_dialog import ImportDialog
    from projectdesk.desktop.pages.page import Page
    from projectdesk.desktop.pages.projects import ProjectsPage
    from projectdesk.desktop.pages.welcome import WelcomePage
    from projectdesk.services.commands.minutes_acceptance import AcceptedMinutes
    from projectdesk.services.commands.poll_settling import DecidedPoll
    from projectdesk.services.commands.procedure_settling import ClosedProcedure
    from projectdesk.services.queries.alarms import AlarmRow

_MOST_HITS = 30


@dataclass(frozen=True)
class Clock:
    """Where the present comes from; tests and pictures fix it."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    local: Callable[[], datetime] = datetime.now

    def today(self) -> date:
        """Return the date where the reader is."""
        return self.local().date()


class Workbench(QObject):
    """Makes the pages of an open workspace and connects them."""

    scheme_chosen = Signal(object)
    language_chosen = Signal(str)
    restore_asked = Signal(object)
    reopen_asked = Signal()
    """Another database was chosen, or the connection is to be tried again."""
    project_chosen = Signal(object)
    begun = Signal()  # the first page is filled

    def __init__(
        self,
        shell: Shell,
        session: WorkspaceSession,
        data: Path,
        preferences: Preferences,
        clock: Clock | None = None,
    ) -> None:
        """Fill the shell.

        Args:
            shell: the window.
            session: the open workspace.
            data: the data folder.
            preferences: what this computer remembers.
            clock: the present.
        """
        super().__init__(shell)
        self._shell = shell
        self._session = session
        self._clock = clock or Clock()
        self._ready = False
        self._beside: Request | None = None
        self._start_project = UUID(preferences.project) if preferences.project else None
        self._projects: Sequence[ProjectRow] = ()
        self.reader = Reader(session)
        self.outside = Outside(shell, session, data, self._clock.now, self)
        self.hosting = Hosts(places(data, session), session, self)
        self.effort_desks = EffortDesks(self.hosting, session, data, self)
        self.poll_desks = PollDesks(self.hosting, session, data, self)
        self.poll_desks.decided.connect(self._tell_decided)
        self.minutes_desks = MinutesDesks(self.hosting, session, data, self)
        self.minutes_desks.accepted.connect(self._tell_accepted)
        self.procedure_desks = ProcedureDesks(self.hosting, session, data, self)
        self.procedure_desks.settled.connect(self._tell_closed)
        self.action_desks = ActionDesks(self.hosting, session, data, self)
        self.feed_desks = FeedDesks(self.hosting, session, data, self)
        self.mailing = Mailing(session, self._clock.now, self)
        self.typed_lines = TypedLines(session, self)
        self._choices: dict[UUID, Choices] = {}
        self.calls = Calls(self.hosting, session, self._choices_of, shell, self, data=data)
        self.calls.help_asked.connect(lambda: shell.guide_asked.emit("call"))
        self.pages: dict[Place, Page] = {}
        self._routes: dict[Place, Route] = {}
        self.returning = Returning(data, self.where, self)
        self.half_typed = HalfTyped(session, data, shell, self._context, self)
        self.half_typed.waiting.connect(self._offer_texts)
        self._makers = self._page_makers(data, preferences)
        self._project: UUID | None = None
        self._columns = ColumnKeeper(data, shell)
        self._undo = UndoPresenter(session, shell.top)
        self._search = SearchPresenter(session, self)
        self._list = ProjectListPresenter(session, self)
        self.team = TeamLink(session, shell, self)
        self.team.reopen_asked.connect(self.reopen_asked)
        self.coming = Coming(session, shell, self.reader, self._links, self._start_announced, self)
        self.mailing.renewed.connect(self.coming.handing.look)
        self.daily = Daily(session, self)
        self.daily.damaged.connect(self._tell_damaged)
        self.drops = CalendarDrops(shell, session, lambda: self._project)
        self._connect()
        self.team.start()
        self.reader.on_loaded(self._on_reader)
        self.reader.load()
        self._list.load()
        self._undo.load()

    def _page_makers(self, data: Path, preferences: Preferences) -> dict[Place, Callable[[], Page]]:
        session, reader, clock = self._session, self.reader, self._clock

        # Each page loads when it is first made: a tenth of a second that Home does not wait for.
        def welcome() -> Page:
            from projectdesk.desktop.pages.welcome import WelcomePage

            return importing(WelcomePage(session, reader))

        def home() -> Page:
            from projectdesk.desktop.pages.home import HomePage

            return HomePage(session, reader, clock.today, clock.local, preferences.seen_at)

        def meetings() -> Page:
            from projectdesk.desktop.pages.meetings import MeetingsPage

            return MeetingsPage(session, reader, clock.now)

        def calendar() -> Page:
            from projectdesk.desktop.pages.calendar import CalendarPage

            def here() -> datetime:
                return clock.now().astimezone(zone_of(reader.zone)).replace(tzinfo=None)

            return CalendarPage(session, reader, lambda: here().date(), here, self.feed_desks)

        def meeting() -> Page:
            from projectdesk.desktop.pages.meeting.page import MeetingPage

            page = MeetingPage(
                session,
                reader,
                self._links,
                clock.today,
                self.hosting,
                self.minutes_desks,
                clock.now,
            )
            page.start_asked.connect(self._start_meeting)
            self.calls.busy.connect(lambda busy: page.show_busy(busy is not None))
            return page

        def find_time() -> Page:
            from projectdesk.desktop.pages.find_time.page import FindTimePage

            return FindTimePage(session, reader, clock.now, self.poll_desks)

        def projects() -> Page:
            from projectdesk.desktop.pages.projects import ProjectsPage

            return importing(ProjectsPage(session))

        def project() -> Page:
            from projectdesk.desktop.pages.project.page import ProjectPage

            return ProjectPage(session, clock.today, self.effort_desks)

        def actions() -> Page:
            from projectdesk.desktop.pages.actions import ActionsPage

            return ActionsPage(session, clock.today, self.action_desks, data)

        def decisions() -> Page:
            from projectdesk.desktop.pages.decisions.page import DecisionsPage

            return DecisionsPage(session, reader, clock.now, self.procedure_desks)

        def directory() -> Page:
            from projectdesk.desktop.pages.directory import DirectoryPage

            return DirectoryPage(session)

        def mail() -> Page:
            from projectdesk.desktop.pages.mail import MailPage

            return MailPage(session, reader, self.mailing)

        def settings() -> Page:
            from projectdesk.desktop.pages.settings import SettingsPage

            page = SettingsPage(
                session,
                reader,
                data,
                preferences.wanted_scheme,
                preferences.language,
                self.hosting.is_heard,
            )
            page.hosts.changed.connect(self.hosting.renew)
            page.hosts.changed.connect(lambda _: self.team.link_key.look())
            page.mail.changed.connect(self.mailing.renew)
            page.proxy.changed.connect(self.outside.network.renew)
            self.hosting.heard.connect(page.hosts.show_heard)
            page.scheme_chosen.connect(self.scheme_chosen)
            page.language_chosen.connect(self.language_chosen)
            page.restore_asked.connect(self.restore_asked)
            page.reopen_asked.connect(self.reopen_asked)
            return page

        def helping() -> Page:
            from projectdesk.desktop.pages.help import HelpPage

            page = HelpPage(session, data, clock.today)
            page.guide_asked.connect(self._shell.guide_asked)
            page.shortcuts_asked.connect(self._shell.show_shortcuts)
            return page

        def importing(page: WelcomePage | ProjectsPage) -> Page:
            page.import_asked.connect(self.ask_import)
            page.file_asked.connect(self.ask_project_file)
            return page

        return {
            Place.WELCOME: welcome,
            Place.HOME: home,
            Place.MEETINGS: meetings,
            Place.CALENDAR: calendar,
            Place.MEETING: meeting,
            Place.FIND_TIME: find_time,
            Place.PROJECTS: projects,
            Place.PROJECT: project,
            Place.ACTIONS: actions,
            Place.DECISIONS: decisions,
            Place.DIRECTORY: directory,
            Place.MAIL: mail,
            Place.SETTINGS: settings,
            Place.HELP: helping,
        }

    def page(self, place: Place) -> Page:
        """Return the page of `place`, made when one first goes there."""
        if place not in self.pages:
            made = self._makers[place]()
            self._shell.add_page(place, made)
            made.go.connect(self.go)
            made.set_project(self._project)
            self.pages[place] = made
        return self.pages[place]

    def _connect(self) -> None:
        shell = self._shell
        shell.rail.chosen.connect(lambda place: self.go(Route(place)))
        shell.top.project_chosen.connect(self.choose_project)
        shell.top.place_asked.connect(lambda place: self.go(Route(place)))
        shell.undo_asked.connect(self._undo.undo)
        shell.redo_asked.connect(self._undo.redo)
        shell.palette_box.typed.connect(self._search.type)
        self._session.noticed.connect(self._tell)

    # --- going places

    def go(self, route: Route) -> None:
        """Show the page that `route` names."""
        self._routes[route.place] = route
        self.page(route.place).open(route)
        self._shell.show_place(route.place)

    def choose_project(self, project: UUID | None) -> None:
        """Show one project only in the lists, None = all; a project's page follows."""
        self._project = project
        self._shell.top.set_project(project)
        for page in self.pages.values():
            page.set_project(project)
        self.project_chosen.emit(project)
        here = self._shell.content.currentWidget()
        if project is not None and here is self.pages.get(Place.PROJECT):
            self.go(Route(Place.PROJECT, project))

    def ask_import(self) -> None:
        """Ask for CORDIS files, then show what they would change."""
        from projectdesk.desktop.pages.import_dialog import choose_files

        choose_files(
            self._shell,
            say("Import from CORDIS"),
            say("CORDIS project (*.xml *.csv *.xlsx *.json *.zip)") + ";;" + say("All files (*)"),
            self.import_files,
            many=True,
        )

    def ask_project_file(self) -> None:
        """Ask for a project file, then show what it would add and change."""
        from projectdesk.desktop.pages.project_file_dialog import ask_project_file

        def done(report: ImportReport) -> None:
            self.go(Route(Place.PROJECT, report.project_ids[0], tab="overview"))

        ask_project_file(self._shell, self._session, done)

    def open_word(self, word: str) -> None:
        """Open a file or link that a start was given."""
        from projectdesk.desktop.incoming import Ways, open_word

        def unknown(word: str) -> None:
            words = say("ProjectDesk cannot open “{word}”.", word=word)
            self._session.tell(Notice(words, error=True))

        open_word(word, Ways(self.go, self.open_project_file, unknown))

    def open_project_file(self, path: Path) -> None:
        """Show what importing a project file would add and change."""
        from projectdesk.desktop.pages.project_file_dialog import ProjectFileDialog

        def done(report: ImportReport) -> None:
            self.go(Route(Place.PROJECT, report.project_ids[0], tab="overview"))

        ProjectFileDialog(self._shell, self._session, path, done).open()

    def import_files(self, files: list[Path]) -> ImportDialog:
        """Preview and import CORDIS files."""
        from projectdesk.desktop.pages.import_dialog import ImportDialog
        from projectdesk.desktop.presenters.importing import import_cordis

        def done(report: ImportReport) -> None:
            if len(report.project_ids) == 1:
                self.go(Route(Place.PROJECT, report.project_ids[0], tab="consortium"))
            else:
                self.go(Route(Place.PROJECTS))

        dialog = ImportDialog(
            self._shell, self._session, say("Import from CORDIS"), import_cordis(files), done
        )
        dialog.open()
        return dialog

    def _tell_decided(self, decided: DecidedPoll) -> None:
        """Say that a date poll decided itself."""
        when = formats.moment(decided.starts_at, self.reader.zone)
        words = say("“{title}” decided itself: {when}.", title=decided.title, when=when)
        self._session.tell(Notice(words))

    def _tell_accepted(self, accepted: AcceptedMinutes) -> None:
        """Say that minutes accepted themselves."""
        title = accepted.meeting
        words = say("Nobody objected: the minutes of “{title}” are accepted.", title=title)
        self._session.tell(Notice(words))

    def _tell_closed(self, closed: ClosedProcedure) -> None:
        """Say that a written procedure closed itself, and how it ended."""
        from projectdesk.desktop.models.decision_words import how_words  # rarely: not at start

        facts = {"question": closed.question, "words": how_words(closed)}
        self._session.tell(Notice(say("“{question}” is closed: {words}.", **facts)))

    def _tell_damaged(self, error: ProjectDeskError) -> None:
        from projectdesk.desktop.damaged import tell_damaged  # rarely: not at start

        tell_damaged(self._shell, self._session, error, self.restore_asked.emit)

    def close(self) -> None:
        """Let everything go; the session stays open."""
        if self._beside is not None:
            self._beside.drop()
        self.returning.stop()
        if (typed := self._shell.focusWidget()) is not None:
            typed.clearFocus()  # leaving a field saves it
        self.half_typed.stop()
        self.team.stop()
        self.coming.stop()
        self.daily.stop()
        self.typed_lines.stop()
        self.effort_desks.stop()
        self.poll_desks.stop()
        self.action_desks.stop()
        self.minutes_desks.stop()
        self.procedure_desks.stop()
        self.mailing.stop()
        self.feed_desks.stop()
        self.hosting.stop()
        self.outside.stop()
        self._columns.save()
        for choices in self._choices.values():
            choices.close()
        for page in self.pages.values():
            page.close_page()
        for presenter in (self._undo, self._search, self._list, self.reader):
            presenter.close()

    # --- calls

    def _links(
        self,
        meeting: UUID,
        then: Callable[[dict[UUID, str]], None],
        failed: Callable[[ProjectDeskError], None],
    ) -> None:
        self.hosting.publish(meeting, lambda published: then(dict(published.links)), failed)

    def _start_meeting(self, row: MeetingRow) -> None:
        self.calls.start(row.id, f"{row.project}  {row.title}", row.project_id)

    def _start_announced(self, alarm: AlarmRow) -> None:
        self.calls.start(alarm.meeting_id, f"{alarm.project}  {alarm.title}", alarm.project_id)

    def _choices_of(self, project: UUID) -> Choices:
        if project not in self._choices:
            self._choices[project] = Choices(self._session)
            self._choices[project].open(project)
        return self._choices[project]

    # --- what presenters call

    def show_projects(self, rows: Sequence[ProjectRow]) -> None:
        """Offer the projects; the first answer decides where to begin."""
        self._projects = rows
        self._shell.top.set_projects([(row.id, row.acronym) for row in rows])
        known = {row.id for row in rows}
        if self._start_project in known:
            self.choose_project(self._start_project)
        self._start_project = None
        self._begin()

    def show_hits(self, text: str, hits: Sequence[Hit]) -> None:
        """Show what was found, and what can be done, in the search box."""
        commands = [s for s in self._commands() if _holds(s.title, text)]
        found = [self._suggestion(hit) for hit in hits]
        if text:
            shown = [*commands[:6], *found[:_MOST_HITS]]
        else:
            shown = [*found, *commands]
        self._shell.palette_box.show_suggestions(shown)

    # --- inside

    def _begin(self) -> None:
        if self._ready or not self.reader.known:
            return
        self._ready = True
        kept = self.returning.begin()
        if self.reader.me is None or not self._projects:
            self.go(Route(Place.WELCOME))
        elif kept is None or kept.place is Place.WELCOME:
            self.go(Route(Place.HOME))
        else:
            self.go(kept.route)
            show_again(self.page(kept.place), kept)
        self.returning.start()
        self.half_typed.start()
        self.half_typed.came_back()
        # The database answers in turn: by then the first page has been filled.
        self._beside = self._session.ask(lambda _: None, lambda _: self._start_beside())

    def _start_beside(self) -> None:
        """Start what goes on beside the pages."""
        self.begun.emit()
        self.hosting.adopt()
        self.effort_desks.adopt()
        self.poll_desks.start()
        self.action_desks.start()
        self.minutes_desks.start()
        self.procedure_desks.start()
        self.mailing.start()
        self.feed_desks.adopt()
        self.coming.start()
        self.outside.start()
        self.daily.start()
        self.typed_lines.start()
        QTimer.singleShot(0, self.calls, self.calls.resume)

    def where(self) -> tuple[Route, Page] | None:
        """Return the route of the page that is shown, and the page; None before there is one."""
        here = self._shell.content.currentWidget()
        for place, page in self.pages.items():
            if page is here:
                return self._routes.get(place, Route(place)), page
        return None

    def _context(self) -> str:
        """Return what tells fields of one meeting or project from those of others."""
        found = self.where()
        return "" if found is None else f"{found[0].place}:{found[0].id or ''}"

    def _offer_texts(self) -> None:
        from projectdesk.desktop.pages.kept_texts import offer_texts  # after a crash only

        offer_texts(self._shell, self.half_typed)

    def _on_reader(self) -> None:
        me = self.reader.me
        self._shell.top.set_me(me.name if me else "")

    def _tell(self, notice: Notice) -> None:
        if notice.conflict is not None:
            from projectdesk.desktop.pages.conflict_dialog import ConflictDialog

            ConflictDialog(self._shell, self._session, notice.conflict).open()
            return
        undo = None if notice.undo is None else partial(self._undo.undo_only, notice.undo)
        self._shell.tell(notice.text, undo, error=notice.error)

    def _commands(self) -> list[Suggestion]:
        shell, undo = self._shell, self._undo
        return suggestions(
            Doings(
                self.go,
                self.drops.choose,
                self.ask_import,
                undo.undo,
                undo.redo,
                shell.show_shortcuts,
                partial(shell.guide_asked.emit, ""),
            )
        )

    def _suggestion(self, hit: Hit) -> Suggestion:
        acronym = next((p.acronym for p in self._projects if p.id == hit.project_id), "")
        context = formats.joined((acronym, hit.context))
        if hit.kind is Kind.PROJECT:
            context = hit.context
        return Suggestion(
            hit.title,
            context,
            icon_of(hit.kind),
            word(hit.kind),
            lambda: self._open_hit(hit),
        )

    def _open_hit(self, hit: Hit) -> None:
        route = route_of(hit)
        if route is None:
            self._open_item(hit)
        else:
            self.go(route)

    def _open_item(self, hit: Hit) -> None:
        tab = "minutes" if hit.kind is Kind.MINUTES else "agenda"

        def then(meeting: UUID | None) -> None:
            if meeting is not None:
                self.go(Route(Place.MEETING, meeting, tab=tab, select=hit.id))

        self._list.meeting_of_item(hit, then)


def _holds(title: str, text: str) -> bool:
    words = title.casefold()
    return all(part in words for part in text.casefold().split())
