"""Knowledge that a lead adds in the browser: the address of a public site, and documents. A worker reads both.

What cannot be taken is refused by a plain sentence, each document by itself: nothing else is lost by it.
"""

from collections.abc import Sequence
from hashlib import sha256

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet, Sum
from django.utils.text import slugify
from django.utils.translation import gettext as _

from integrations.http.outbound import is_public, web_address
from klark.admin.choice_labels import trouble_words
from klark.models import Actor, AuditAct, Source, Tenant, Upload, record
from klark.sources.base import BadDocument
from klark.sources.kinds import UPLOAD, WEBSITE
from klark.sources.uploads import check
from klark.values.storable_text import clip

MB = 1_000_000
MOST_AT_ONCE, MOST_IN_ALL = 7 * MB, 200 * MB
"""Bytes: of one request, which is below what the server and deploy/Caddyfile take, and of a tenant's documents together."""
MOST_SITES = 20
"""Sites that a tenant's leads may add: they are read one after the other."""
LONGEST_NAME, LONGEST_ADDRESS, LONGEST_FILE_NAME = 28, 1000, 150


class NotTaken(Exception):
    """Raised with the sentence that says why nothing was taken."""


def add_site(tenant: Tenant, typed: str, by: Actor) -> Source:
    """Adds a public site by its address, to be read by a worker at once. Raises NotTaken."""
    typed = clip(typed, LONGEST_ADDRESS + 1).strip()
    address = typed if "://" in typed else f"https://{typed}"
    parts = web_address(address)
    if parts is None or "." not in (parts.hostname or "") or parts.username or len(address) > LONGEST_ADDRESS:
        raise NotTaken(_("This is not the address of a site: give one such as https://help.acme.example."))
    if _is_private(parts.hostname or ""):
        raise NotTaken(_("This address is not on the public internet: klark reads public sites only."))
    rows = _locked(tenant)
    known = rows.filter(kind__in=(WEBSITE, "site"), address=address).first()
    if known is None:
        if rows.filter(kind=WEBSITE).count() >= MOST_SITES:
            told = _(
                "There are %(most)d sites already, and no more are taken: an operator can remove one that is not needed."
            )
            raise NotTaken(told % {"most": MOST_SITES})
        known = Source.objects.create(
            tenant=tenant, kind=WEBSITE, name=_free(rows, parts.hostname or ""), address=address
        )
        record(tenant.pk, by, AuditAct.SOURCE, known, done="added")
    _want(known)
    return known


def _is_private(host: str) -> bool:
    """Returns whether a host is a number that leads to no public machine; names are looked up when the site is read."""
    try:
        return not is_public(host)
    except ValueError:
        return False


def add_documents(tenant: Tenant, files: Sequence["UploadedFile[bytes]"], by: Actor) -> tuple[int, list[str]]:
    """Adds documents, to be read by a worker at once; returns how many, and why each of the others was refused. One of a name
    that is there is its new version. Raises NotTaken."""
    if not files:
        raise NotTaken(_("Choose the documents first."))
    if sum(each.size or 0 for each in files) > MOST_AT_ONCE:
        told = _(
            "Together they are larger than %(most)d MB, so none was taken. Give fewer at a time; larger ones the operator adds."
        )
        raise NotTaken(told % {"most": MOST_AT_ONCE // MB})
    good, refused = _sorted(tenant, files)
    if good:
        source = _uploads(tenant)
        for name, content in good:
            kept = {"tenant": tenant, "content": content, "size": len(content), "digest": sha256(content).hexdigest()}
            Upload.objects.update_or_create(source=source, name=name, defaults=kept)
        _want(source)
        record(tenant.pk, by, AuditAct.SOURCE, source, documents=len(good))
    return len(good), refused


def _sorted(tenant: Tenant, files: Sequence["UploadedFile[bytes]"]) -> tuple[list[tuple[str, bytes]], list[str]]:
    """Returns the names and contents of what can be taken, and why each of the others cannot."""
    room = MOST_IN_ALL - (Upload.of(tenant.pk).aggregate(all=Sum("size"))["all"] or 0)
    good, refused = list[tuple[str, bytes]](), list[str]()
    for each in files:
        name, content = clip(each.name or "", 1000)[-LONGEST_FILE_NAME:], each.read()
        if why := _fault(name, content, room):
            refused.append(f"{name} {why}.")
        else:
            good.append((name, content))
            room -= len(content)
    return good, refused


def remove_document(tenant: Tenant, pk: int, by: Actor) -> str:
    """Removes a document; a worker withdraws its articles. Returns its name. Raises NotTaken."""
    kept = Upload.of(tenant.pk).filter(pk=pk).select_related("source").defer("content").first()
    if kept is None:
        raise NotTaken(_("This document is not there any more."))
    kept.delete()
    _want(kept.source)
    record(tenant.pk, by, AuditAct.SOURCE, kept.source, removed=1)
    return kept.name


def _fault(name: str, content: bytes, room: int) -> str:
    """Returns why a document is not taken, as the rest of a sentence that begins with its name; "" if it is."""
    if len(content) > room:
        return _("finds no room: all documents together may have %(most)d MB") % {"most": MOST_IN_ALL // MB}
    try:
        check(name, content)
    except BadDocument as error:
        return trouble_words(str(error))
    return ""


def _uploads(tenant: Tenant) -> Source:
    """Returns the source that holds the tenant's documents, made if there is none."""
    rows = _locked(tenant)
    kept = rows.filter(kind=UPLOAD).first()
    return kept or Source.objects.create(tenant=tenant, kind=UPLOAD, name=_free(rows, "documents"))


def _locked(tenant: Tenant) -> QuerySet[Source]:
    """Returns the tenant's sources, and lets nobody else add any until the transaction ends."""
    Tenant.objects.select_for_update(no_key=True).get(pk=tenant.pk)
    return Source.of(tenant.pk)


def _free(rows: QuerySet[Source], wanted: str) -> str:
    """Returns a name that no source has yet."""
    name = slugify(wanted.removeprefix("www.").replace(".", "-"))[:LONGEST_NAME].strip("-") or "site"
    taken, number = set(rows.values_list("name", flat=True)), 2
    while name in taken:
        name = f"{name[: LONGEST_NAME - 4].rstrip('-')}-{number}"
        number += 1
    return name


def _want(source: Source) -> None:
    """Has a worker read a source at once, also one that was paused."""
    Source.of(source.tenant_id).filter(pk=source.pk).update(wanted=True, active=True)
