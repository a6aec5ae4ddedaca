"""Abbreviations of European languages. Their full stop is part of the token."""

TITLES = frozenset(
    "mr mrs ms mx dr prof st gen col lt sgt capt cmdr adm maj rev hon gov sen rep pres messrs mt ft vs cf approx ca "
    "vol pp nr fig bzw bspw ggf inkl zzgl kl pr sra srta sto sta mme mlle mgr ул им стр".split()
)
"""Abbreviations that end no sentence, in lower case."""

SHORT_FORMS = frozenset(
    "inc co corp ltd bros jr sr etc al jan feb mar apr jun jul aug sep sept oct nov dec ave blvd usw str kr pct mill "
    "mia hhv kgl гг руб млн млрд тыс".split()
)
"""Abbreviations that may end a sentence, in lower case."""

_ALWAYS_LOWER = frozenset(
    "vs etc cf ca approx al pp bzw usw bspw ggf inkl zzgl kr pct mill mia pr kl hhv гг ул им стр руб млн млрд "
    "тыс".split()
)


def written_forms() -> list[str]:
    """Return all abbreviations as they are written: names and titles capitalised, the others in both ways."""
    both = TITLES | SHORT_FORMS
    return sorted({word.capitalize() for word in both} | (both & _ALWAYS_LOWER))
