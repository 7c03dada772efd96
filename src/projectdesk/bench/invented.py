"""Invented data for measurements: a heavy project, and a directory of many organisations.

Always the same for the same size. Names are made of the words that real ones are made of, in the
languages of the countries, because a search costs what its words cost.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

HEADER = (
    "projectID", "organisationID", "vatNumber", "name", "shortName", "SME", "activityType",
    "street", "postCode", "city", "country", "nutsCode", "geolocation", "organizationURL",
    "contentUpdateDate", "order", "role",
)  # fmt: skip

_CITIES = {
    "DE": ("Berlin", "München", "Köln", "Aachen", "Göttingen", "Tübingen", "Lübeck", "Jena"),
    "FR": ("Paris", "Lyon", "Orléans", "Besançon", "Nîmes", "Saint-Étienne", "Grenoble"),
    "ES": ("Madrid", "Málaga", "A Coruña", "León", "Cádiz", "Barcelona", "Logroño"),
    "IT": ("Roma", "Torino", "L'Aquila", "Forlì", "Bologna", "Genova", "Padova"),
    "PT": ("Lisboa", "Évora", "Braga", "Porto", "Setúbal", "Coimbra", "Guimarães"),
    "PL": ("Łódź", "Kraków", "Gdańsk", "Poznań", "Wrocław", "Warszawa", "Toruń"),
    "SE": ("Göteborg", "Malmö", "Växjö", "Umeå", "Linköping", "Stockholm", "Lund"),
    "DK": ("København", "Aarhus", "Odense", "Aalborg", "Kongens Lyngby"),
    "NL": ("Delft", "Eindhoven", "Utrecht", "Wageningen", "Groningen"),
    "EL": ("Athina", "Thessaloniki", "Patra", "Irakleio", "Volos"),
    "UK": ("London", "Oxford", "Leeds", "Glasgow", "Sheffield", "Bristol"),
    "CZ": ("Praha", "Brno", "Plzeň", "Olomouc", "České Budějovice"),
    "TR": ("İstanbul", "Ankara", "İzmir", "Eskişehir"),
    "FI": ("Helsinki", "Tampere", "Jyväskylä", "Oulu"),
}  # fmt: skip
_HIGHER = {
    "DE": ("Universität {c}", "Technische Universität {c}", "Hochschule {c} für {t}"),
    "FR": ("Université de {c}", "École nationale supérieure de {t} de {c}"),
    "ES": ("Universidad de {c}", "Universidad Politécnica de {c}"),
    "IT": ("Università degli Studi di {c}", "Politecnico di {c}"),
    "PT": ("Universidade de {c}", "Instituto Superior de {t} de {c}"),
    "PL": ("Uniwersytet w {c}", "Politechnika {c}"),
    "SE": ("{c}s universitet", "Högskolan i {c}"),
    "DK": ("{c} Universitet", "Professionshøjskolen {c}"),
}
_RESEARCH = {
    "DE": ("Fraunhofer-Institut für {t}", "Leibniz-Institut für {t} {c}"),
    "FR": ("Centre de recherche en {t}", "Institut national de {t}"),
    "ES": ("Fundación {w} para la investigación en {t}", "Centro tecnológico de {t}"),
    "IT": ("Consorzio {w} per la ricerca in {t}", "Istituto di {t}"),
    "PT": ("Associação para o desenvolvimento da {t}", "Laboratório de {t}"),
}
_FIRMS = {
    "DE": "{w} {t} GmbH", "FR": "{w} {t} SAS", "ES": "{w} {t} SL", "IT": "{w} {t} S.r.l.",
    "PT": "{w} {t}, Lda.", "PL": "{w} {t} Sp. z o.o.", "SE": "{w} {t} AB", "DK": "{w} {t} ApS",
    "NL": "{w} {t} B.V.", "EL": "{w} {t} A.E.", "UK": "{w} {t} Limited", "FI": "{w} {t} Oy",
}  # fmt: skip
_THEMES = (
    "Robotik", "Energie", "informatique", "agronomía", "Materials", "Photonics", "Hydrology",
    "chimica", "biotecnologia", "Oceanografia", "mobilité", "Kommunikation", "sanidad", "clima",
    "Software", "Systems", "Analytics", "Engineering", "Consulting", "Innovation", "Medical",
)  # fmt: skip
_SOUNDS = (
    *("al", "ber", "cor", "dan", "el", "fin", "gor", "hal", "in", "jun", "kel", "lor", "mar"),
    *("nex", "or", "pra", "qui", "ros", "sol", "tar", "ul", "ver", "wil", "xen", "yar", "zen"),
)
_TYPES = ("HES", "REC", "PRC", "PRC", "PRC", "PUB", "OTH")


def write_organisations(path: Path, organisations: int, participations: int = 0) -> Path:
    """Write an organisation file of a CORDIS export and return it.

    Args:
        path: the file.
        organisations: how many different ones.
        participations: rows; at least one for each organisation, the first ones have most.
    """
    chance = random.Random(2026)  # noqa: S311 - invented rows, no secrets
    cells = [organisation(chance, index) for index in range(organisations)]
    more = max(0, participations - organisations)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerow(HEADER)
        for number, index in enumerate(_indices(chance, organisations, more)):
            role = "participant" if number % 6 else "coordinator"
            project = str(101_000_000 + number // 6)
            writer.writerow([project, *cells[index], str(1 + number % 6), role])
    return path


def _indices(chance: random.Random, organisations: int, more: int) -> Iterator[int]:
    yield from range(organisations)
    for _ in range(more):
        yield int(organisations * chance.random() ** 4)


def organisation(chance: random.Random, index: int) -> list[str]:
    """Return the cells of one organisation, between project and order."""
    country = chance.choice(tuple(_CITIES))
    city = chance.choice(_CITIES[country])
    word = "".join(chance.choices(_SOUNDS, k=chance.choice((2, 2, 3)))).title()
    kind = chance.choice(_TYPES)
    forms: tuple[str, ...] = (_FIRMS.get(country, "{w} {t} Ltd"),)
    if kind == "HES":
        forms = _HIGHER.get(country, ("University of {c} {w}",))
    elif kind in {"REC", "PUB"}:
        forms = _RESEARCH.get(country, ("{w} Research Institute of {t}",))
    name = chance.choice(forms).format(c=city, t=chance.choice(_THEMES), w=word)
    if index >= len(_CITIES):
        name = f"{name} {word}" if word not in name else f"{name} {index}"
    short = "".join(part[0] for part in name.split() if part[0].isalpha()).upper()
    pic = str(900_000_000 + index)
    return [
        pic, f"{country}{index:09}" if index % 7 else "", name,
        f"{short}{index % 97}" if index % 3 else "", str(kind == "PRC").lower(), kind,
        f"{word} {index % 300}", f"{index % 90000:05}", city, country, f"{country}21",
        f"{chance.uniform(37, 65):.6f},{chance.uniform(-9, 30):.6f}" if index % 2 else "",
        f"https://www.{word.lower()}{index}.example" if index % 4 else "", "2024-01-01 00:00:00",
    ]  # fmt: skip
