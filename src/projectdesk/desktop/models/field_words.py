"""What the fields of records are called, by their names in the domain: in conflicts and merges."""

from __future__ import annotations

from projectdesk.desktop.language import say


def field_word(name: str) -> str:
    """Return what a field of a record is called, in the reader's language.

    Args:
        name: of the field of the domain's dataclass.
    """
    if (known := _names().get(name)) is not None:
        return known
    words = name.removesuffix("_ids").removesuffix("_id").replace("_", " ").capitalize()
    return say(words)


def _names() -> dict[str, str]:
    """Return the fields whose names are not just their words."""
    return {
        "achieved_on": say("Achieved on"),
        "contribution": say("EU contribution"),
        "due_on": say("Due on"),
        "duration_minutes": say("Duration in minutes"),
        "duration_months": say("Duration in months"),
        "email": say("E-mail"),
        "end_date": say("Ends on"),
        "eu_contribution": say("EU contribution"),
        "grant_number": say("Grant number"),
        "held_from": say("Held from"),
        "held_until": say("Held until"),
        "lag_months": say("Lag in months"),
        "local_start": say("Begins"),
        "nuts_code": say("NUTS code"),
        "owner_partner_id": say("Owner (partner)"),
        "owner_person_id": say("Owner"),
        "parent_id": say("Belongs to"),
        "pic": say("PIC"),
        "place": say("Place"),
        "position": say("Position"),
        "presenter_text": say("Presenter|agenda"),
        "replaces_id": say("Replaces"),
        "sme": say("SME"),
        "start_date": say("Starts on"),
        "topics": say("Topics"),
        "total_cost": say("Total cost"),
        "vat_number": say("VAT number"),
        "verification": say("Verification"),
        "website": say("Web site"),
        "work_from": say("Works from"),
        "work_to": say("Works until"),
        "zone": say("Time zone"),
    }
