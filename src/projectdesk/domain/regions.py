"""Which part of a country, as public holidays know it, a NUTS region lies in.

The codes of parts are those of ISO 3166-2 without the country ("BY" of DE-BY); NUTS is the
European Union's nomenclature of territorial units (regulation 1059/2003 as amended). Only countries
whose parts keep holidays of their own are here.

May import: nothing of the project.
"""

from __future__ import annotations

from typing import Final

_TABLE: Final = """
DE1 BW  DE2 BY  DE3 BE  DE4 BB  DE5 HB  DE6 HH  DE7 HE  DE8 MV  DE9 NI  DEA NW  DEB RP  DEC SL
DED SN  DEE ST  DEF SH  DEG TH
AT11 1  AT12 3  AT13 9  AT21 2  AT22 6  AT31 4  AT32 5  AT33 7  AT34 8
ES11 GA ES12 AS ES13 CB ES21 PV ES22 NC ES23 RI ES24 AR ES30 MD ES41 CL ES42 CM ES43 EX ES51 CT
ES52 VC ES53 IB ES61 AN ES62 MC ES63 CE ES64 ML ES70 CN
CH011 VD CH012 VS CH013 GE CH021 BE CH022 FR CH023 SO CH024 NE CH025 JU CH031 BS CH032 BL
CH033 AG CH040 ZH CH051 GL CH052 SH CH053 AR CH054 AI CH055 SG CH056 GR CH057 TG CH061 LU
CH062 UR CH063 SZ CH064 OW CH065 NW CH066 ZG CH070 TI
UKC ENG UKD ENG UKE ENG UKF ENG UKG ENG UKH ENG UKI ENG UKJ ENG UKK ENG UKL WLS UKM SCT UKN NIR
FRF1 6AE FRF33 57 FRY1 971 FRY2 972 FRY3 973 FRY4 974 FRY5 976
PT20 20 PT30 30
ITH10 BZ
FI200 01
"""
_PARTS: Final = dict(zip(_TABLE.split()[::2], _TABLE.split()[1::2], strict=True))


def region_of(nuts_code: str) -> str:
    """Return the part of its country that a NUTS region lies in, "" where that does not matter."""
    for length in (5, 4, 3):
        if len(nuts_code) >= length and (part := _PARTS.get(nuts_code[:length])):
            return part
    return ""
