"""What the invented shops know, and what their customers ask: short texts with a fact that is told apart at sight.

Each country has figures of its own, and each tenant others, so that whoever reads a reply knows what it answers, and for whom.
"""

COUNTRIES = (
    "Belgium", "Spain", "Portugal", "Italy", "Austria", "Poland", "Denmark", "Sweden", "Norway", "Finland", "Ireland",
    "Greece", "Hungary", "Romania", "Croatia", "Slovenia", "Estonia", "Latvia", "Lithuania", "Malta", "Cyprus",
    "Iceland", "Serbia", "Albania",
)  # fmt: skip
OFFSETS = {"acme": 100, "globex": 600}
"""By tenant: where its figures begin."""
NAMES = (
    "Robin", "Sasha", "Camille", "Dominique", "Maxime", "Claude", "Andrea", "Noa", "Kim", "Alexis", "Charlie", "Morgan",
    "Jordan", "Taylor", "Casey", "Riley", "Quinn", "Avery", "Emery", "Rowan", "Skyler", "Marley", "Ellis", "Jules",
)  # fmt: skip
ACCOUNTS: tuple[tuple[str, str, str, bool], ...] = (
    ("zendesk", "acme", "zendesk", False),
    ("freshdesk", "acme", "freshdesk", False),
    ("other", "globex", "zendesk", False),
    ("watched", "acme", "freshdesk", True),
)
"""The connections: name, tenant, helpdesk, and whether klark only watches. Each has stand-ins of its own."""
UNFOUNDED = "You also get a free helmet with it."


def fee(tenant: str, country: str) -> str:
    """Returns what parcels to a country cost: a figure that stands nowhere else."""
    return f"{OFFSETS[tenant] + COUNTRIES.index(country)} euros"


def fact(tenant: str, country: str) -> str:
    """Returns the line of the tenant's article that answers what is asked of a country."""
    return f"Delivery to {country} takes 3 to 5 working days and costs {fee(tenant, country)}."


def article(tenant: str) -> str:
    """Returns all that a tenant knows, as HTML."""
    return "".join(f"<p>{fact(tenant, country)}</p>" for country in COUNTRIES)


def asked(country: str) -> str:
    """Returns a customer's question."""
    return f"How long does delivery to {country} take, and what does it cost?"
