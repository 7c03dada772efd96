"""Project XML as cordis.europa.eu gives it, one project a file or several under one root.

Its elements are brought into the cells of the CSV exports, so that both are understood by the same
code. With and without the default namespace.

May import: domain, errors, exchange.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from projectdesk.errors import UnreadableFile
from projectdesk.exchange.cordis.columns import PROJECT_COLUMNS, OrganisationCells
from projectdesk.exchange.xml_files import parse_xml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

XML_BYTES_LIMIT = 64 << 20
"""Largest XML that is read; a project with all its results has under 5 MB."""

_COLLECTIONS = frozenset({"projects", "response", "results", "result", "hits", "hit", "export"})


def read_projects(
    content: bytes, name: str
) -> Iterator[tuple[dict[str, str], list[OrganisationCells]]]:
    """Yield (cells of the project, cells of each of its organisations).

    Args:
        content: the whole file.
        name: of the file, for errors.

    Raises:
        UnreadableFile: no well-formed XML, entities inside, or no CORDIS project.
    """
    root = parse_xml(content, name, "CORDIS file")
    projects = list(_projects(root))
    if not projects:
        raise UnreadableFile(
            "not_a_project",
            "{file} holds <{found}>, not a CORDIS <project>.",
            file=name,
            found=_local(root)[:80],
            expected="<project>",
        )
    for project in projects:
        yield _project_cells(project), [_organisation_cells(o) for o in _organisations(project)]


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _children(element: Element | None, *names: str) -> Iterator[Element]:
    """Yield the descendants along one path of element names."""
    if element is None:
        return
    for child in element:
        if _local(child) == names[0]:
            if len(names) == 1:
                yield child
            else:
                yield from _children(child, *names[1:])


def _text(element: Element | None, *names: str) -> str:
    """Return the text at the end of a path, "" where there is none."""
    found = next(_children(element, *names), None)
    return "" if found is None else (found.text or "").strip()


def _projects(element: Element) -> Iterator[Element]:
    if _local(element) == "project":
        yield element
    elif _local(element) in _COLLECTIONS:
        for child in element:
            yield from _projects(child)


def _organisations(project: Element) -> Iterator[Element]:
    for path in (("relations", "associations", "organization"), ("organization",)):
        yield from _children(project, *path)


def _project_cells(project: Element) -> dict[str, str]:
    """Return the cells of `columns.PROJECT_COLUMNS`."""
    cells = {column.name: _text(project, column.name) for column in PROJECT_COLUMNS}
    cells["id"] = cells["id"] or _text(project, "reference")
    topics: list[str] = []
    for programme in _children(project, "relations", "associations", "programme"):
        code = _text(programme, "code")
        match programme.get("type"):
            case "relatedLegalBasis":
                cells["frameworkProgramme"] = cells["frameworkProgramme"] or _text(
                    programme, "frameworkProgramme"
                )
                cells["legalBasis"] = cells["legalBasis"] or code
            case "relatedTopic" if code:
                topics.append(code)
            case _:
                pass
    cells["topics"] = ";".join(topics)
    for call in _children(project, "relations", "associations", "call"):
        column = "masterCall" if call.get("type") == "relatedMasterCall" else "subCall"
        cells[column] = cells[column] or _text(call, "identifier") or _text(call, "title")
    cells["fundingScheme"] = cells["fundingScheme"] or _category(
        project, "projectFundingSchemeCategory"
    )
    cells["projectUrl"] = cells["projectUrl"] or next(
        (
            _text(link, "physUrl")
            for link in _children(project, "relations", "associations", "webLink")
            if link.get("represents") == "project" and link.get("type") == "relatedWebsite"
        ),
        "",
    )
    return cells


def _category(element: Element, classification: str) -> str:
    """Return the code of the first category of one classification, however deep it lies."""
    for category in element.iter():
        if (
            _local(category) == "category"
            and category.get("classification") == classification
            and (code := _text(category, "code"))
        ):
            return code
    return ""


def _organisation_cells(organisation: Element) -> OrganisationCells:
    nuts = ""
    for region in _children(organisation, "relations", "regions", "region"):
        if region.get("type") == "relatedNutsCode":
            nuts = nuts or _text(region, "nutsCode")
    return OrganisationCells(
        organisation=_text(organisation, "id"),
        name=_text(organisation, "legalName") or _text(organisation, "name"),
        short_name=_text(organisation, "shortName"),
        vat_number=_text(organisation, "vatNumber"),
        sme=organisation.get("sme", ""),
        activity_type=_category(organisation, "organizationActivityType"),
        street=_text(organisation, "address", "street"),
        post_code=_text(organisation, "address", "postalCode"),
        city=_text(organisation, "address", "city"),
        country=_text(organisation, "address", "country"),
        nuts_code=nuts,
        geolocation=_text(organisation, "address", "geolocation"),
        website=_text(organisation, "address", "url"),
        order=organisation.get("order", ""),
        role=organisation.get("type", ""),
        contribution=organisation.get("ecContribution", ""),
        net_contribution=organisation.get("netEcContribution", ""),
        total_cost=organisation.get("totalCost", ""),
        ended=organisation.get("terminated", ""),
    )
