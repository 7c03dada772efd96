"""The columns of a work plan's tables by the names that applications and people give them.

English, and what German and French consortia write. May import: exchange.tables.
"""

from __future__ import annotations

from projectdesk.exchange.plans.lines import PlanTable
from projectdesk.exchange.tables import Column

_LEAD = Column(
    "Lead",
    (
        "Lead short name",
        "Lead participant short name",
        "Short name of lead participant",
        "Lead partner",
        "Lead beneficiary",
        "Lead participant",
        "Lead beneficiary short name",
        "Leader",
        "WP leader",
        "WP lead",
        "Task leader",
        "Responsible",
        "Responsible partner",
        "Leitung",
        "Federführend",
        "Federführender Partner",
        "Verantwortlich",
        "Partner",
        "Responsable",
        "Chef de file",
        "Partenaire responsable",
    ),
)
_LEAD_NUMBER = Column(
    "Lead no.",
    (
        "Lead participant no.",
        "Lead beneficiary no.",
        "Lead participant number",
        "Lead number",
        "Lead partner no.",
        "Lead beneficiary number",
        "Partner Nr.",
        "Partnernummer",
    ),
)
_START = Column(
    "Start month",
    (
        "Start",
        "Start date",
        "Starts",
        "From",
        "First month",
        "Startmonat",
        "Beginn",
        "Anfang",
        "Von",
        "Début",
        "Mois de début",
        "Date de début",
    ),
    True,
)
_END = Column(
    "End month",
    (
        "End",
        "End date",
        "Ends",
        "To",
        "Last month",
        "Finish",
        "Endmonat",
        "Ende",
        "Bis",
        "Fin",
        "Mois de fin",
        "Date de fin",
    ),
    True,
)
_DUE = Column(
    "Due month",
    (
        "Due",
        "Due date",
        "Due date (in months)",
        "Due date (in month)",
        "Due date (month)",
        "Delivery date",
        "Delivery date (in months)",
        "Delivery month",
        "Deliv. date",
        "Del. date",
        "Due in month",
        "Deadline (month)",
        "Planned delivery date",
        "Expected delivery date",
        "Delivery date (proj. month)",
        "Month",
        "Deadline",
        "Fällig",
        "Fälligkeit",
        "Fälligkeitsdatum",
        "Termin",
        "Abgabe",
        "Monat",
        "Liefermonat",
        "Échéance",
        "Mois",
        "Date de livraison",
        "Date de remise",
    ),
    True,
)
_DESCRIPTION = Column(
    "Description", ("Short description", "Beschreibung", "Kurzbeschreibung", "Descriptif")
)
_WORK_PACKAGE = Column(
    "WP no.",
    (
        "WP",
        "Work package",
        "Work package no.",
        "Work package number",
        "WP number",
        "AP",
        "AP-Nr.",
        "Arbeitspaket",
        "Arbeitspaket Nr.",
        "Lot de travaux",
        "Lot",
        "LT",
    ),
)
_PACKAGES = Column(
    "Related WPs",
    (
        "WPs",
        "WP",
        "Related WP(s)",
        "Related work package(s)",
        "Related work packages",
        "Work package(s) involved",
        "WP(s) involved",
        "WPs involved",
        "Work packages",
        "Work package",
        "WP no.",
        "Arbeitspakete",
        "APs",
        "Lots de travaux",
        "Lots",
    ),
)
_NUMBERS = ("No.", "No", "Number", "Nr.", "Nr", "Nummer", "N°", "Numéro", "ID", "#")
_NAMES = ("Name", "Titel", "Bezeichnung", "Titre", "Intitulé", "Nom")

COLUMNS: dict[PlanTable, tuple[Column, ...]] = {
    PlanTable.WORK_PACKAGES: (
        Column(
            "WP no.",
            (
                "WP",
                "WP number",
                "Work package no.",
                "Work package number",
                "AP",
                "AP-Nr.",
                "Arbeitspaket Nr.",
                "Lot",
                "LT",
                *_NUMBERS,
                "Work package",
                "Arbeitspaket",
                "Lot de travaux",
            ),
            True,
        ),
        Column("Title", ("WP title", "Work package title", "WP name", *_NAMES), True),
        _LEAD,
        _LEAD_NUMBER,
        _START,
        _END,
        Column("Objectives", ("Objective", "Ziele", "Ziel", "Objectifs")),
        _DESCRIPTION,
    ),
    PlanTable.TASKS: (
        _WORK_PACKAGE,
        Column("Task no.", ("Task", "Task number", "Aufgabe", "Tâche", *_NUMBERS), True),
        Column("Title", ("Task title", "Task name", *_NAMES), True),
        _LEAD,
        _LEAD_NUMBER,
        _START,
        _END,
        _DESCRIPTION,
    ),
    PlanTable.DELIVERABLES: (
        _WORK_PACKAGE,
        Column(
            "Deliverable no.",
            (
                "Deliverable",
                "Deliverable number",
                "Deliverable (number)",
                "Deliverable ID",
                "Deliv. no.",
                "Deliv.",
                "Del. no.",
                "Del.",
                "D no.",
                "Liefergegenstand",
                "Liefergegenstand Nr.",
                "Livrable",
                "Livrable n°",
                *_NUMBERS,
            ),
            True,
        ),
        Column("Title", ("Deliverable title", "Deliverable name", *_NAMES), True),
        _DESCRIPTION,
        _LEAD,
        _LEAD_NUMBER,
        Column("Type", ("Nature", "Deliverable type", "Art", "Typ")),
        Column(
            "Dissemination level",
            (
                "Level",
                "Dissemination",
                "Dissem.",
                "Dissem. level",
                "Diss. level",
                "Verbreitung",
                "Verbreitungsgrad",
                "Niveau de diffusion",
            ),
        ),
        _DUE,
        Column("Status", ("Stand", "Statut", "État")),
        Column("Submitted on", ("Submitted", "Submission date", "Eingereicht am", "Soumis le")),
    ),
    PlanTable.MILESTONES: (
        Column(
            "Milestone no.",
            (
                "Milestone",
                "Milestone number",
                "MS no.",
                "MS",
                "Meilenstein",
                "Meilenstein Nr.",
                "Jalon",
                "Jalon n°",
                *_NUMBERS,
            ),
            True,
        ),
        Column("Title", ("Milestone title", "Milestone name", *_NAMES), True),
        _PACKAGES,
        _LEAD,
        _LEAD_NUMBER,
        _DUE,
        Column(
            "Means of verification",
            ("Verification", "Means", "Nachweis", "Moyens de vérification", "Vérification"),
        ),
        Column("Achieved on", ("Achieved", "Erreicht am", "Atteint le")),
    ),
    PlanTable.RISKS: (
        Column("Risk no.", ("Risk number", "Risiko Nr.", "Risque n°", *_NUMBERS)),
        Column(
            "Risk",
            (
                "Description of risk",
                "Risk description",
                "Description",
                "Title",
                "Risiko",
                "Beschreibung",
                "Risque",
                "Description du risque",
            ),
            True,
        ),
        _PACKAGES,
        Column(
            "Likelihood",
            ("Probability", "Level of likelihood", "Eintrittswahrscheinlichkeit", "Probabilité"),
        ),
        Column("Severity", ("Impact", "Level of severity", "Schwere", "Auswirkung", "Gravité")),
        Column(
            "Mitigation",
            (
                "Proposed risk-mitigation measures",
                "Risk mitigation measures",
                "Mitigation measures",
                "Mitigation measure",
                "Measures",
                "Maßnahmen",
                "Gegenmaßnahmen",
                "Mesures d'atténuation",
                "Mesures",
            ),
        ),
        Column("Owner", ("Risk owner", *_LEAD.aliases)),
        Column("Status", ("State", "Stand", "Statut", "État")),
    ),
    PlanTable.DEPENDENCIES: (
        Column("Before", ("Predecessor", "Vorgänger", "Prédécesseur"), True),
        Column("After", ("Successor", "Nachfolger", "Successeur"), True),
        Column("Type", ("Kind", "Art", "Typ")),
        Column("Lag in months", ("Lag", "Months", "Abstand", "Décalage")),
    ),
    PlanTable.EFFORT: (
        Column(
            "Partner",
            (
                "Participant",
                "Participant short name",
                "Short name",
                "Beneficiary",
                "Partner short name",
                "Name",
                "Kurzname",
                "Partenaire",
                "Nom court",
            ),
            True,
        ),
        Column("Partner no.", ("Participant no.", "Participant number", *_NUMBERS)),
        Column("WP no.", ("WP", "Work package", "AP", "Arbeitspaket", "Lot")),
        Column(
            "Person-months",
            ("PM", "PMs", "Person months", "Months", "Effort", "Personenmonate", "Hommes-mois"),
        ),
    ),
}
"""In the order in which they are written, too. Effort may have a column for each work package."""

PACKAGE_COLUMNS = tuple(
    Column(f"WP{number}", (f"AP{number}", f"LT{number}", f"Work package {number}"))
    for number in range(1, 100)
)
"""The columns of an effort matrix: one for each work package, by its number."""

SHEET_NAMES: dict[PlanTable, tuple[str, ...]] = {
    PlanTable.WORK_PACKAGES: (
        "Work packages",
        "List of work packages",
        "WPs",
        "WP",
        "Arbeitspakete",
        "Lots de travaux",
    ),
    PlanTable.TASKS: ("Tasks", "List of tasks", "Aufgaben", "Tâches"),
    PlanTable.DELIVERABLES: (
        "Deliverables",
        "List of deliverables",
        "Liefergegenstände",
        "Livrables",
    ),
    PlanTable.MILESTONES: ("Milestones", "List of milestones", "Meilensteine", "Jalons"),
    PlanTable.RISKS: ("Risks", "Critical risks", "Risk register", "Risiken", "Risques"),
    PlanTable.EFFORT: (
        "Effort",
        "Effort matrix",
        "Staff effort",
        "Summary of staff effort",
        "Person-months",
        "Personenmonate",
        "Aufwand",
    ),
    PlanTable.DEPENDENCIES: ("Dependencies", "Abhängigkeiten", "Dépendances"),
}
"""What sheets of a workbook are called; the first name is the one that is written."""
