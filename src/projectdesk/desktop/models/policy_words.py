"""What an administrator settled for this computer, in the words of settings."""

from __future__ import annotations

from projectdesk.desktop.language import say
from projectdesk.policy import Managed


def settled_words(found: Managed) -> list[str]:
    """Return a sentence for each thing that is settled, and for what cannot be read."""
    settled = found.policy
    lines = []
    if settled.server_address:
        server = settled.server_name or settled.server_address
        lines.append(say("New meetings are held on {server}.", server=server))
    if not settled.hosting:
        lines.append(say("No meetings are held on this computer."))
    if not settled.recording:
        lines.append(say("Meetings that you plan are not recorded."))
    if settled.mail_domains:
        domains = ", ".join(settled.mail_domains)
        lines.append(say("Mail is sent from these domains only: {domains}.", domains=domains))
    lines += _network_words(found)
    if settled.data_folder is not None:
        lines.append(say("Your data lies in {folder}.", folder=settled.data_folder))
    lines += [
        say(
            "“{key}” cannot be read: {why}. Please tell your administrator.",
            key=problem.key or found.place,
            why=problem.text,
        )
        for problem in found.problems
    ]
    return lines


def _network_words(found: Managed) -> list[str]:
    settled, lines = found.policy, []
    if found.settles("proxy_mode"):
        words = {
            "system": say("Proxies are taken as the system is set."),
            "none": say("No proxy is taken."),
            "pac": say("Proxies are taken as {place} says.", place=settled.proxy_script),
            "manual": say("The proxy is {proxy}.", proxy=settled.proxy_address),
        }
        lines += [words[settled.proxy_mode]] if settled.proxy_mode in words else []
    if not settled.updates:
        lines.append(say("Updates are not looked for."))
    elif settled.update_feed:
        lines.append(say("Updates are looked for at {place}.", place=settled.update_feed))
    return lines
