"""Crisis lines by country: public national numbers. They change seldom; look them over once a year."""

from collections.abc import Mapping

HELP_LINES: Mapping[str, str] = {
    "FR": "3114",
    "BE": "0800 32 123",
    "CH": "143",
    "LU": "454545",
    "CA": "988",
    "US": "988",
    "GB": "116 123 (Samaritans)",
    "IE": "116 123 (Samaritans)",
    "AU": "13 11 14 (Lifeline)",
    "NZ": "1737",
    "DE": "0800 111 0 111 (TelefonSeelsorge)",
    "AT": "142 (TelefonSeelsorge)",
    "ES": "024",
    "IT": "02 2327 2327 (Telefono Amico)",
    "PT": "213 544 545 (SOS Voz Amiga)",
    "NL": "113",
    "PL": "116 123",
    "SE": "90101 (Mind)",
}
"""Suicide prevention and crisis lines by ISO 3166 country code; 112 where the country is not known."""
