"""Country codes as the EU writes them, as ISO 3166 alpha-2.

May import: nothing of the project.
"""

from __future__ import annotations

_ISO = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""

ISO_CODES = frozenset(_ISO.split())
"""ISO 3166-1 alpha-2, and XK, which the EU uses for Kosovo."""

_EU_SPELLING = {
    "EL": "GR",  # Greece, in the Union's style guide
    "UK": "GB",
    "KS": "XK",  # Kosovo in older records
    "TP": "TL",  # East Timor before 2002
    "ZR": "CD",  # Zaire
    "BU": "MM",  # Burma
}


def iso_country(code: str) -> str:
    """Return the ISO code of a country; one that nobody knows ("XH") stays as it is."""
    text = code.strip().upper()
    return _EU_SPELLING.get(text, text)


def is_known(code: str) -> bool:
    """Return whether a code, as `iso_country` returned it, is one of ISO 3166 or XK."""
    return code in ISO_CODES
