"""What is said of links before they are sent: who can open them, and until when."""

from __future__ import annotations

from projectdesk.desktop.presenters.asking import reach, while_it_runs


def test_links_of_this_computer_work_while_it_runs():
    said = reach(["http://127.0.0.1:8713/d/ab#cd"])
    assert said.startswith("These links open on this computer only.")
    assert said.endswith(while_it_runs())


def test_links_of_a_server_need_no_warning():
    assert reach(["https://meet.example.org/d/ab#cd"]) == ""
    assert reach([]) == ""
