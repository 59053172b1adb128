"""Which brand's help centre a passage comes from: no brand is answered from another one's."""

from collections.abc import Sequence

from klark.models import Article, within
from klark.steps.retrieve import Found


def of_brand(tenant_id: int, brand_id: str | None, found: Sequence[Found]) -> tuple[Found, ...]:
    """Those passages that are the brand's own or every brand's."""
    ids = {each.article_id for each in found}
    with within(tenant_id):
        others = Article.of(tenant_id).filter(pk__in=ids).exclude(brand__in=["", brand_id or ""])
        foreign = set(others.values_list("pk", flat=True))
    return tuple(each for each in found if each.article_id not in foreign)
