"""What the tenant's model does to a search, where its policy asks for that."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from klark.steps.brief import Brief
from klark.steps.look import Look, Wanted, look_for

SPENT = "The model is not asked for help: the budget is spent."
NO_MODEL = "The model is not asked for help: there is none."


def tell_help(ours: Brief, console: Console, question: str, language: str) -> None:
    """Nothing where the policy leaves the search to klark."""
    if not ours.rules.model_search:
        return
    if ours.searcher is None:
        console.print(SPENT if ours.budget_spent else NO_MODEL)
        return
    looked = look_for(ours, Wanted((question,), question, (language,), turn=f"search/{question}"))
    for why in looked.failed:
        console.print(f"The model had no say: {why}", markup=False)
    for query in looked.queries:
        console.print(f"The model also looks for: {query}", markup=False)
    if looked.order:
        console.print(_moves(looked))


def _moves(looked: Look) -> Table:
    caption = (
        "Sections in the model's order, as a drafter reads them. Its own queries' sections come last in klark's order."
    )
    drawn = Table("", "klark's place", "moved", "Section", caption=caption)
    for place, (own, found) in enumerate(zip(looked.order, looked.found, strict=True), 1):
        drawn.add_row(str(place), str(own), _moved(own - place), escape(found.title))
    return drawn


def _moved(up: int) -> str:
    return "" if up == 0 else f"up {up}" if up > 0 else f"down {-up}"
