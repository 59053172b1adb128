"""What is found by meaning, by mended words and at once by both; and what keeps it fast and apart."""

from collections.abc import Iterator, Sequence

import pytest
from django.db import connection

from guardrails.pii.mask import Known
from integrations.embeddings.base import EmbeddingAccount, Vector, of_length_one
from integrations.errors import Refused, TryLater
from klark import tasks
from klark.connections.circuit_breaker import BreakingEmbedder, OpenCircuits
from klark.knowledge import embedding
from klark.knowledge.embedding import COMPLETE, Progress, drop_retired, embed, in_use, progress
from klark.knowledge.features import grams, impacts, rarity, sparse, weighed
from klark.knowledge.index import EVERY_PASSAGE
from klark.knowledge.ingest import NewArticle, forget, ingest
from klark.models import Feature, Meaning, Passage, within
from klark.retrieval import retrieve
from klark.retrieval.query import build_query
from klark.retrieval.rank import OF_COSINES, WEIGHTS, standard
from klark.values.passages import Retrieved, SearchRequest
from tests.klark import rows

SUBJECTS = (("parcel", "delivery", "shipping"), ("refund", "money", "return"), ("battery", "winter", "charge"))


class Subjects:
    """Knows three subjects: a text's vector says how often each is spoken of."""

    model = "subjects"
    remote = False

    def __init__(self, account: EmbeddingAccount) -> None:
        self.asked: list[Sequence[str]] = []

    def passages(self, texts: Sequence[str]) -> list[Vector]:
        self.asked.append(texts)
        return [
            of_length_one([0.1 + sum(text.lower().count(word) for word in words) for words in SUBJECTS])
            for text in texts
        ]

    questions = passages


class Others(Subjects):
    model = "others"


class Silent(Others):
    def passages(self, texts: Sequence[str]) -> list[Vector]:
        raise TryLater("is down")


class Down(Subjects):
    def questions(self, texts: Sequence[str]) -> list[Vector]:
        raise TryLater("is down")


SHELF = {
    "Parcels": "Shipping takes 3 days.",
    "Refunds": "Money comes back by card.",
    "Cold": "Charge it indoors in winter.",
}


@pytest.fixture
def tenant() -> Iterator[int]:
    one = rows.tenant()
    for title, text in SHELF.items():
        rows.article(one, title, f"<p>{text}</p>")
    embedding._SEEN.clear()
    yield one
    embedding._SEEN.clear()


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Subjects:
    one = Subjects(EmbeddingAccount())
    monkeypatch.setattr(retrieve, "embedders", lambda: (one,))
    return one


def articles(tenant: int, question: str) -> list[str]:
    return [one.article for one in retrieve.search(tenant, SearchRequest(question)).found]


def embed_all(tenant: int, model: Subjects) -> int:
    return sum(iter(lambda: embed(tenant, model, 2), 0))


@pytest.mark.django_db
def test_words_alone_are_searched_until_all_is_embedded(tenant: int, model: Subjects) -> None:
    assert articles(tenant, "when is my delivery") == []
    assert embed(tenant, model, 1) == 1
    assert articles(tenant, "when is my delivery") == []
    embed_all(tenant, model)
    embedding._SEEN.clear()
    assert articles(tenant, "when is my delivery")[0] == "Parcels"


@pytest.mark.django_db
def test_embedding_goes_on_where_it_was_stopped(tenant: int, model: Subjects) -> None:
    assert [embed(tenant, model, 2) for _ in range(3)] == [2, 1, 0]
    with within(tenant):
        assert progress(tenant, "subjects") == Progress("subjects", 3, 3)


@pytest.mark.django_db
def test_a_new_model_takes_over_only_once_it_is_complete(tenant: int) -> None:
    old, new = Subjects(EmbeddingAccount()), Others(EmbeddingAccount())
    embed_all(tenant, old)
    embed(tenant, new, 1)
    with within(tenant):
        assert in_use(tenant, (new, old)) is old
    embed_all(tenant, new)
    embedding._SEEN.clear()
    with within(tenant):
        assert (in_use(tenant, (new, old)), rows.count(Meaning)) == (new, 6)


@pytest.mark.django_db
def test_the_worker_embeds_every_tenants_passages_and_survives_a_model_that_is_down(
    tenant: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows.article(rows.tenant("globex"), "Parcels", "<p>Shipping is free.</p>")
    both = [BreakingEmbedder(kind(EmbeddingAccount()), OpenCircuits()) for kind in (Silent, Subjects)]
    monkeypatch.setattr(embedding, "embedders", lambda: both)
    tasks.embed()
    assert rows.count(Meaning, model="subjects") == 4


class Picky(Subjects):
    """Takes no text that speaks of winter."""

    error: Exception = Refused("will not embed this")

    def passages(self, texts: Sequence[str]) -> list[Vector]:
        if any("winter" in text for text in texts):
            raise self.error
        return super().passages(texts)

    questions = passages


def picky(monkeypatch: pytest.MonkeyPatch, error: Exception, clock: list[float]) -> BreakingEmbedder:
    """The one model that there is."""
    monkeypatch.setattr(Picky, "error", error)
    rested = BreakingEmbedder(Picky(EmbeddingAccount()), OpenCircuits(lambda: clock[0]))
    monkeypatch.setattr(embedding, "embedders", lambda: (rested,))
    return rested


@pytest.mark.django_db
@pytest.mark.parametrize("error", [Refused("will not embed this"), KeyError("a bug")])
def test_a_text_that_is_always_refused_keeps_no_other_tenant_from_its_vectors_or_from_search(
    tenant: int, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    later = [rows.tenant(slug) for slug in ("globex", "initech", "hooli")]
    for each in later:
        rows.article(each, "Parcels", "<p>Shipping is free.</p>")
    rested = picky(monkeypatch, error, [1.0])
    tasks.embed()
    assert [kept(each) for each in (tenant, *later)] == [[], *[["subjects"]] * 3]
    assert len(rested.questions(["Where is my parcel?"])) == 1


@pytest.mark.django_db
def test_a_text_that_always_makes_the_model_fail_comes_after_the_other_tenants_sooner_or_later(
    tenant: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = rows.tenant("globex")
    rows.article(later, "Parcels", "<p>Shipping is free.</p>")
    clock = [1.0]
    picky(monkeypatch, TryLater("failed with status 500"), clock)
    for clock[0] in range(0, 61 * 40, 61):
        tasks.embed()
    assert (kept(tenant), kept(later)) == ([], ["subjects"])


def named(monkeypatch: pytest.MonkeyPatch, *models: Subjects) -> None:
    monkeypatch.setattr(embedding, "embedders", lambda: models)


def kept(tenant: int) -> list[str]:
    with within(tenant):
        return sorted(Meaning.of(tenant).values_list("model", flat=True))


@pytest.mark.django_db
def test_the_vectors_of_a_model_that_is_named_no_more_are_dropped_after_the_switch(
    tenant: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = Subjects(EmbeddingAccount()), Others(EmbeddingAccount())
    monkeypatch.setattr(embedding, "DROPPED_AT_ONCE", 2)
    embed_all(tenant, old)
    embed(tenant, new, 1)
    named(monkeypatch, new)
    drop_retired()
    assert kept(tenant) == [new.model, *[old.model] * 3]
    embed_all(tenant, new)
    drop_retired()
    assert kept(tenant) == [new.model] * 3


@pytest.mark.django_db
def test_no_vectors_are_dropped_that_may_still_be_used(tenant: int, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = Subjects(EmbeddingAccount()), Others(EmbeddingAccount())
    embed_all(tenant, old)
    embed_all(tenant, new)
    for models in ((new, old), ()):
        named(monkeypatch, *models)
        drop_retired()
        assert kept(tenant) == [*[new.model] * 3, *[old.model] * 3]


@pytest.mark.django_db
def test_one_tenants_switch_drops_nothing_of_another(tenant: int, monkeypatch: pytest.MonkeyPatch) -> None:
    other = rows.tenant("globex")
    rows.article(other, "Parcels", "<p>Shipping is free.</p>")
    old, new = Subjects(EmbeddingAccount()), Others(EmbeddingAccount())
    for each in (tenant, other):
        embed_all(each, old)
    embed_all(tenant, new)
    named(monkeypatch, new)
    drop_retired()
    assert (kept(tenant), kept(other)) == ([new.model] * 3, [old.model])


class Broken(Others):
    def passages(self, texts: Sequence[str]) -> list[Vector]:
        self.asked.append(texts)
        raise Refused("does not run on this machine")


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "soon", "later"), [(Silent, 61.0, 62.0), (Broken, 600.0, 901.0)])
def test_a_model_that_failed_is_left_alone_for_a_while(
    tenant: int, monkeypatch: pytest.MonkeyPatch, kind: type[Others], soon: float, later: float
) -> None:
    clock, asked = [0.0], list[float]()
    one = kind(EmbeddingAccount())
    ask_it = one.passages
    monkeypatch.setattr(one, "passages", lambda texts: asked.append(clock[0]) or ask_it(texts))
    rested = BreakingEmbedder(one, OpenCircuits(lambda: clock[0]))
    monkeypatch.setattr(embedding, "embedders", lambda: (rested,))
    for clock[0] in (1.0, 30.0, 1.0 + soon, 1.0 + later):
        embedding.embed_all()
    assert asked == ([1.0, 62.0] if kind is Silent else [1.0, 902.0])


class Fitted(Subjects):
    model = "some/multilingual-e5-small"


@pytest.mark.django_db
def test_a_search_says_whether_vectors_had_a_say(tenant: int, model: Subjects) -> None:
    assert retrieve.search(tenant, SearchRequest("shipping")).by_meaning is False
    embed_all(tenant, model)
    embedding._SEEN.clear()
    assert retrieve.search(tenant, SearchRequest("shipping")).by_meaning is True
    assert retrieve.search(tenant, SearchRequest("shipping", ("xx",))) == Retrieved()
    assert retrieve.search(tenant, SearchRequest("shipping", ("xx", "en"))).by_meaning is True


@pytest.mark.django_db
def test_a_model_is_asked_for_one_vector_of_the_whole_question(tenant: int, model: Subjects) -> None:
    embed_all(tenant, model)
    embedding._SEEN.clear()
    before = len(model.asked)
    long = "I wrote about my parcel before and nobody has answered yet. " * 5 + "How do I charge it in winter?"
    retrieve.search(tenant, SearchRequest(long))
    assert [list(texts) for texts in model.asked[before:]] == [[long]]


@pytest.mark.django_db
@pytest.mark.parametrize("remote", [False, True])
def test_a_query_that_leaves_this_machine_is_masked(
    tenant: int, model: Subjects, monkeypatch: pytest.MonkeyPatch, remote: bool
) -> None:
    monkeypatch.setattr(Subjects, "remote", remote)
    embed_all(tenant, model)
    embedding._SEEN.clear()
    question = "Where is my parcel? Camille Durand, camille@example.org"
    retrieve.search(tenant, SearchRequest(question, known=(Known("NAME", "Camille Durand"),)))
    (sent,) = model.asked[-1]
    assert ("Camille" in sent, "camille@" in sent, "parcel" in sent) == (not remote, not remote, True)


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "fixed"), [(Fitted, True), (Subjects, False)])
def test_cosines_are_held_against_a_fixed_spread_for_the_model_it_was_measured_on_alone(
    tenant: int, monkeypatch: pytest.MonkeyPatch, kind: type[Subjects], fixed: bool
) -> None:
    one = kind(EmbeddingAccount())
    monkeypatch.setattr(retrieve, "embedders", lambda: (one,))
    embed_all(tenant, one)
    embedding._SEEN.clear()
    ranked = retrieve.rank(tenant, "shipping", "en").ranked
    scores = [each.scores["meaning"] for each in ranked]
    spread = OF_COSINES["meaning"] if fixed else None
    assert [each.counts["meaning"] for each in ranked] == [
        WEIGHTS["meaning"] * each for each in standard(scores, spread)
    ]


def test_a_few_new_passages_do_not_switch_meaning_off() -> None:
    assert [Progress("m", done, 100).complete for done in (0, 50, int(100 * COMPLETE), 100)] == [
        False,
        False,
        True,
        True,
    ]


@pytest.mark.django_db
def test_a_model_that_is_down_leaves_the_words(tenant: int, monkeypatch: pytest.MonkeyPatch) -> None:
    down = Down(EmbeddingAccount())
    with within(tenant):
        for passage in Passage.of(tenant):
            Meaning.objects.create(
                tenant_id=tenant, passage=passage, model="subjects", language="en", vector="[1,0,0]", title="[1,0,0]"
            )
    monkeypatch.setattr(retrieve, "embedders", lambda: (down,))
    found = retrieve.search(tenant, SearchRequest("how do I charge it"))
    assert (found.found[0].article, found.by_meaning) == ("Cold", False)


@pytest.mark.django_db
def test_a_withdrawn_article_leaves_every_index(tenant: int, model: Subjects) -> None:
    embed_all(tenant, model)
    with within(tenant):
        assert forget(tenant, "manual", []) == 3
        assert (Meaning.of(tenant).count(), Passage.of(tenant).exclude(stems=None, words=None).count()) == (0, 0)
        assert set(Feature.of(tenant).values_list("passages", flat=True)) == {0}
        assert Passage.of(tenant).count() == 3


@pytest.mark.django_db
def test_a_new_version_is_counted_once(tenant: int) -> None:
    with within(tenant):
        ingest(tenant, "manual", NewArticle("Cold", "Cold", "<p>Charge it at home.</p>", "en"))
        assert Feature.of(tenant).get(number=EVERY_PASSAGE).passages == 3


@pytest.mark.django_db
def test_the_owners_functions_show_no_other_tenant(tenant: int) -> None:
    other = rows.tenant("globex")
    rows.article(other, "Secret", "<p>The winter parcels of Globex.</p>")
    with within(tenant), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM klark_by_words(%s, 'en', 'winter'::tsquery, '{1:1}/536870912', 9)", [other]
        )
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT count(*) FROM klark_by_words(%s, 'en', 'winter'::tsquery, '{1:1}/536870912', 9)", [tenant]
        )
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT count(*) FROM klark_words_like(%s, 'en', ARRAY['globx'])", [other])
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_a_long_ticket_is_split_into_its_sentences(tenant: int) -> None:
    long = "I wrote to you about my parcel before and nobody has answered yet. " * 5 + "How do I charge it in winter?"
    with within(tenant):
        assert len(build_query(tenant, "How do I charge it?", "en").parts) == 1
        assert build_query(tenant, long, "en").parts[1:] == (
            "I wrote to you about my parcel before and nobody has answered yet.", "How do I charge it in winter?")  # fmt: skip


@pytest.mark.django_db
def test_a_word_nobody_wrote_lowers_what_is_known(tenant: int) -> None:
    with within(tenant):
        assert build_query(tenant, "charge winter", "en").known == 1.0
        assert 0.2 < build_query(tenant, "charge xylophone", "en").known < 0.6
        assert build_query(tenant, "xylophone", "en").known == 0.0


def test_scores_are_compared_by_their_distance_from_the_mean() -> None:
    assert standard([1.0, 3.0, None]) == [-1.0, 1.0, 0.0]
    assert standard([2.0, 2.0]) == [0.0, 0.0]
    assert standard([]) == []


def test_words_share_grams_across_accents_and_endings() -> None:
    assert set(grams("Été")) == set(grams("ete"))
    assert {"batt", "atte"} <= grams("batteries").keys() & grams("battery").keys()


def test_rarer_features_and_shorter_passages_weigh_more() -> None:
    assert rarity(1, 100) > rarity(50, 100) > 0
    assert impacts({1: 1, 2: 9}, 100)[1] > impacts({1: 1, 2: 300}, 100)[1]


def test_a_part_counts_less_than_the_whole() -> None:
    assert weighed([(1.0, [1]), (0.5, [1, 2])], {1: 2.0, 2: 2.0})[1] == pytest.approx(2 + 0.5 * 2 / 2**0.5)


def test_a_sparse_vector_is_written_in_order() -> None:
    assert sparse({8: 1.25, 2: 0.5, 4: 0.0}) == "{3:0.5,9:1.25}/536870912"


@pytest.mark.django_db
def test_of_a_passage_only_what_every_search_reads_is_kept_in_its_row() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attstorage::text, array_to_string(reloptions, ',') FROM pg_class "
            "JOIN pg_attribute ON attrelid = pg_class.oid WHERE relname = 'klark_passage' AND attname = 'stems'"
        )
        assert cursor.fetchone() == ("m", "toast_tuple_target=512")
