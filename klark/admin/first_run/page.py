"""The page of a tenant's first steps: what each is, whether it is done, and the form or button that does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from klark.admin.access import Power, access_of, actor, posted_number, remember_tenant
from klark.admin.admin_page import admin_page
from klark.admin.choice_labels import source_title, trouble_words
from klark.admin.first_run.added_sources import MB, MOST_AT_ONCE, NotTaken, add_documents, add_site, remove_document
from klark.admin.first_run.starters import STARTERS, changes, choose, described, titles_of
from klark.admin.first_run.steps import STEPS, count_done, led
from klark.drafting.tenant_settings import has_model
from klark.knowledge.sync_help_centre import source_of
from klark.models import Article, Connection, Draft, Source, Tenant, Upload, policy_in_force, rules_of
from klark.sources.formats import FORMATS
from klark.sources.kinds import UPLOAD

ACCEPTED = ",".join(FORMATS)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where articles come from, as the page lists it. `reads`: a worker reads it now, or is about to."""

    name: str
    articles: int
    read_at: datetime | None
    reads: bool
    trouble: str
    left: tuple[tuple[str, str], ...] = ()
    documents: tuple[Upload, ...] = ()


def page(request: HttpRequest) -> HttpResponse:
    """Shows the page, or does what was pressed on it. Raises PermissionDenied for who leads no tenant, and Http404."""
    if not access_of(request).may(Power.LEAD):
        raise PermissionDenied
    tenants = list(led(request))
    if request.method == "POST":
        return _pressed(request, _named(tenants, request.POST.get("tenant", "")))
    named = request.GET.get("tenant", "")
    if named:
        _named(tenants, named)  # Http404 for an unknown one
    undone = (each for each in tenants if count_done(each) < len(STEPS))
    shown = remember_tenant(request, tenants) or next(undone, None) or next(iter(tenants), None)
    if shown is None:
        raise Http404
    return admin_page(request, "klark/first_run.html", {**_shown(request, shown), "tenants": tenants})


def _named(tenants: list[Tenant], slug: str) -> Tenant:
    found = next((each for each in tenants if each.slug == slug), None)
    if found is None:
        raise Http404
    return found


def _shown(request: HttpRequest, tenant: Tenant) -> dict[str, Any]:
    accounts = list(Connection.of(tenant.pk))
    shelves = _shelves(tenant, accounts)
    policy, operates = policy_in_force(tenant.pk), access_of(request).may(Power.OPERATE, tenant.pk)
    titles, rules = titles_of(tenant.pk), rules_of(policy)
    return {
        "title": _("First steps"), "tenant": tenant, "done": count_done(tenant), "steps": len(STEPS), "accounts": accounts,
        "operates": operates, "shelves": shelves,
        "reads": any(each.reads for each in shelves),
        "accepted": ACCEPTED, "most": MOST_AT_ONCE, "most_mb": MOST_AT_ONCE // MB, "policy": policy,
        "starters": [
            (key, each.title, described(key, titles), changes(key, titles, rules, accounts, operates) if policy else [])
            for key, each in STARTERS.items()
        ],
        "shadowed": [each for each in accounts if each.shadow],
        "has_model": has_model(tenant.pk), "draft": Draft.of(tenant.pk).order_by("-pk").only("pk").first(),
    }  # fmt: skip


def _shelves(tenant: Tenant, accounts: list[Connection]) -> list[Shelf]:
    """Returns the tenant's help centres and sources, and then what else it has articles from."""
    rows = Article.of(tenant.pk).filter(current=True).order_by("source").values_list("source")
    counts: dict[str, int] = dict(rows.annotate(Count("pk")))
    reading = set(Source.of(tenant.pk).filter(reading_until__gt=Now()).values_list("pk", flat=True))
    found = [
        Shelf(str(each), counts.pop(source_of(each), 0), each.walked_at, each.walk_at is not None,
              trouble_words(each.knowledge_trouble))
        for each in accounts
    ]  # fmt: skip
    found += [_shelf(each, counts.pop(each.label, 0), each.pk in reading) for each in Source.of(tenant.pk)]
    return found + [
        Shelf(source_title(label), number, None, reads=False, trouble="") for label, number in counts.items()
    ]


def _shelf(source: Source, articles: int, is_read: bool) -> Shelf:
    held = tuple(source.uploads.defer("content")) if source.kind == UPLOAD else ()
    return Shelf(
        _("Documents") if source.kind == UPLOAD else source.place, articles, source.read_at, source.wanted or is_read,
        trouble_words(source.trouble), tuple((place, trouble_words(why)) for place, why in source.left), held,
    )  # fmt: skip


def _pressed(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    does, section = PRESSES.get(request.POST.get("press", ""), (None, ""))
    if does is None:
        raise Http404
    try:
        does(request, tenant)
    except NotTaken as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(f"{reverse('admin:klark_first_run')}?tenant={tenant.slug}#{section}")


def _site(request: HttpRequest, tenant: Tenant) -> None:
    source = add_site(tenant, request.POST.get("address", ""), actor(request))
    messages.success(
        request, _("A worker reads %(address)s now. That takes a minute or more.") % {"address": source.address}
    )


def _documents(request: HttpRequest, tenant: Tenant) -> None:
    taken, refused = add_documents(tenant, request.FILES.getlist("documents"), actor(request))
    for sentence in refused:
        messages.error(request, sentence)
    if taken:
        told = ngettext(
            "%(count)d document was taken: a worker reads it now.",
            "%(count)d documents were taken: a worker reads them now.",
            taken,
        )
        messages.success(request, told % {"count": taken})


def _remove(request: HttpRequest, tenant: Tenant) -> None:
    name = remove_document(tenant, posted_number(request, "document"), actor(request))
    messages.success(request, _("%(name)s was removed: its articles are withdrawn in a moment.") % {"name": name})


def _policy(request: HttpRequest, tenant: Tenant) -> None:
    key = request.POST.get("starter", "")
    if key not in STARTERS:
        raise NotTaken(_("Choose one of the three."))
    before = policy_in_force(tenant.pk)
    if before and request.POST.get("over") != str(before.version):
        raise NotTaken(
            _("There is another policy in force than this page showed. See what would change, and choose again.")
        )
    operates = access_of(request).may(Power.OPERATE, tenant.pk)
    policy = choose(tenant.pk, key, actor(request), operates)
    told = {"starter": STARTERS[key].title, "version": policy.version}
    messages.success(
        request, _("%(starter)s: in force from the next ticket on, as version %(version)d of the policy.") % told
    )


PRESSES: Mapping[str, tuple[Callable[[HttpRequest, Tenant], None], str]] = {
    "site": (_site, "informed"),
    "documents": (_documents, "informed"),
    "remove": (_remove, "informed"),
    "policy": (_policy, "ruled"),
}
"""What each button does, and the section of the page that it leads back to."""
