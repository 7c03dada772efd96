"""`projectdesk minutes notices|tell`: readers hear what became of objections and acceptance."""

from __future__ import annotations

import argparse
from pathlib import Path

from projectdesk.commandline.data import opened
from projectdesk.commandline.meetings import check_durable
from projectdesk.commandline.named_meetings import meeting_id
from projectdesk.commandline.printing import print_json
from projectdesk.services import minutes_notices, queries


def notices(options: argparse.Namespace) -> int:
    """`projectdesk minutes notices MEETING [--on|--off|--as-circulated]`."""
    from projectdesk.services import commands

    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        if options.chosen is not None:
            chosen = {"on": True, "off": False, "as-circulated": None}[options.chosen]
            project = queries.meeting(workspace, meeting).project_id
            commands.choose_notices(workspace, project, chosen)
        found = minutes_notices.notices(workspace, meeting)
    if options.json:
        print_json(found)
        return 0
    how = "as they were circulated" if found.chosen is None else "as chosen for the project"
    print(f"Readers are {'' if found.by_itself else 'not '}told by themselves ({how}).")
    for each in found.untold:
        what = "the acceptance" if each.objection is None else f"objection {each.objection}"
        print(f"Not told of {what}: {', '.join(each.names)}")
    return 0


def tell(options: argparse.Namespace) -> int:
    """`projectdesk minutes tell MEETING [--out DIR]`: what readers were not told by itself."""
    from projectdesk.services import commands

    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        if options.out is not None:
            files = [
                str(path) for path in commands.save_notices(workspace, meeting, Path(options.out))
            ]
            print_json(files) if options.json else print("\n".join(files))
            return 0
        check_durable(workspace)
        count, _ = commands.send_notices(workspace, meeting)
    print_json({"queued": count}) if options.json else print(f"{count} mails are in the outbox.")
    return 0
