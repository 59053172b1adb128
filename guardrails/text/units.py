"""Units in French and English: what each written unit is in a base unit."""

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")

# written -> (dimension, factor). Months are not converted to days, nor working days to days: they are different
# promises.
_SPANS = {
    "s sec secs seconde secondes second seconds": ("s", 1),
    "min mn mins minute minutes": ("s", 60),
    "h hr hrs heure heures hour hours": ("s", 3600),
    "j jour jours day days": ("s", 86_400),
    "semaine semaines week weeks wk wks": ("s", 604_800),
    "mois month months": ("month", 1),
    "trimestre trimestres quarters": ("month", 3),
    "semestre semestres": ("month", 6),
    "an ans année années annee annees year years yr yrs": ("month", 12),
}
_WORKING = {
    "ouvré ouvrés ouvre ouvres": "workday",
    "ouvrable ouvrables": "day but Sunday",
}
_RATES = {
    "quotidien quotidienne quotidiens quotidiennes daily": "day",
    "hebdomadaire hebdomadaires weekly": "week",
    "mensuel mensuelle mensuels mensuelles monthly": "month",
    "trimestriel trimestrielle trimestriels quarterly": "quarters",
    "annuel annuelle annuels annuelles yearly annual annually": "year",
}
_MEASURES = {
    "mg milligramme milligrammes milligram milligrams": ("g", 0.001),
    "g gr gramme grammes gram grams": ("g", 1),
    "kg kgs kilo kilos kilogramme kilogrammes kilogram kilograms": ("g", 1000),
    "tonne tonnes ton tons": ("g", 1_000_000),
    "lb lbs": ("lb", 1),
    "oz ounce ounces": ("oz", 1),
    "mm millimètre millimètres millimetre millimetres millimeter millimeters": ("mm", 1),
    "cm centimètre centimètres centimetre centimetres centimeter centimeters": ("mm", 10),
    "m mètre mètres metre metres meter meters": ("mm", 1000),
    "km kilomètre kilomètres kilometre kilometres kilometer kilometers": ("mm", 1_000_000),
    "inch inches pouce pouces": ("inch", 1),
    "ft feet foot": ("foot", 1),
    "mile miles": ("mile", 1),
    "ml millilitre millilitres milliliter milliliters": ("ml", 1),
    "cl centilitre centilitres": ("ml", 10),
    "l litre litres liter liters": ("ml", 1000),
    "ko kb": ("kb", 1),
    "mo mb": ("kb", 1000),
    "go gb": ("kb", 1_000_000),
    "to tb": ("kb", 1_000_000_000),
    "mbps mbit/s": ("mbps", 1),
    "°c": ("°c", 1),
    "w watt watts": ("w", 1),
    "kw": ("w", 1000),
    "kwh": ("wh", 1000),
    "v volt volts": ("v", 1),
    "mah": ("mah", 1),
    "px pixel pixels": ("px", 1),
}
_CURRENCIES = {
    "€ eur euro euros": "EUR",
    "$ usd us$ dollar dollars": "USD",
    "£ gbp sterling": "GBP",
    "chf francs": "CHF",
    "¥ jpy yen": "JPY",
    "cad": "CAD",
    "centime centimes cent cents": "cent",
}


def _flat(table: Mapping[str, T]) -> dict[str, T]:
    return {word: meaning for words, meaning in table.items() for word in words.split()}


SPANS = _flat(_SPANS)
RATES = _flat(_RATES)
WORKING = _flat(_WORKING)
MEASURES = _flat(_MEASURES)
CURRENCIES = _flat(_CURRENCIES)
