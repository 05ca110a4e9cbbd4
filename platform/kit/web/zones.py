"""Time zones in which people read times."""

from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

# Of a country with several zones, the one in which most of its people live.
ZONES = {
    "AO": "Africa/Luanda", "BF": "Africa/Ouagadougou", "BI": "Africa/Bujumbura", "BJ": "Africa/Porto-Novo",
    "BW": "Africa/Gaborone", "CD": "Africa/Kinshasa", "CF": "Africa/Bangui", "CG": "Africa/Brazzaville",
    "CI": "Africa/Abidjan", "CM": "Africa/Douala", "CV": "Atlantic/Cape_Verde", "DJ": "Africa/Djibouti",
    "DZ": "Africa/Algiers", "EG": "Africa/Cairo", "ER": "Africa/Asmara", "ET": "Africa/Addis_Ababa",
    "GA": "Africa/Libreville", "GH": "Africa/Accra", "GM": "Africa/Banjul", "GN": "Africa/Conakry",
    "GQ": "Africa/Malabo", "GW": "Africa/Bissau", "KE": "Africa/Nairobi", "KM": "Indian/Comoro",
    "LR": "Africa/Monrovia", "LS": "Africa/Maseru", "LY": "Africa/Tripoli", "MA": "Africa/Casablanca",
    "MG": "Indian/Antananarivo", "ML": "Africa/Bamako", "MR": "Africa/Nouakchott", "MU": "Indian/Mauritius",
    "MW": "Africa/Blantyre", "MZ": "Africa/Maputo", "NA": "Africa/Windhoek", "NE": "Africa/Niamey",
    "NG": "Africa/Lagos", "RW": "Africa/Kigali", "SC": "Indian/Mahe", "SD": "Africa/Khartoum",
    "SL": "Africa/Freetown", "SN": "Africa/Dakar", "SO": "Africa/Mogadishu", "SS": "Africa/Juba",
    "ST": "Africa/Sao_Tome", "SZ": "Africa/Mbabane", "TD": "Africa/Ndjamena", "TG": "Africa/Lome",
    "TN": "Africa/Tunis", "TZ": "Africa/Dar_es_Salaam", "UG": "Africa/Kampala", "ZA": "Africa/Johannesburg",
    "ZM": "Africa/Lusaka", "ZW": "Africa/Harare",
    "AE": "Asia/Dubai", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "CA": "America/Toronto",
    "CH": "Europe/Zurich", "CN": "Asia/Shanghai", "DE": "Europe/Berlin", "ES": "Europe/Madrid",
    "FR": "Europe/Paris", "GB": "Europe/London", "IE": "Europe/Dublin", "IN": "Asia/Kolkata",
    "IT": "Europe/Rome", "NL": "Europe/Amsterdam", "PT": "Europe/Lisbon", "SA": "Asia/Riyadh",
    "TR": "Europe/Istanbul", "US": "America/New_York",
}  # fmt: skip


def zone_of(*, country: str = "", chosen: str = "") -> ZoneInfo:
    """Return a person's chosen zone, else their country's, else the market's."""
    return _zone(chosen or ZONES.get(country.upper(), settings.TIME_ZONE))


def zone_choices() -> list[tuple[str, Any]]:
    """Return the choices of a form: that of one's country, or a zone by name."""
    return [
        ("", _("The one of my delivery address")),
        *((name, name.replace("_", " ")) for name in sorted(set(ZONES.values()))),
    ]


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
