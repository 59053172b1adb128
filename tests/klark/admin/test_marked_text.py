"""A letter as a draft's page shows it: its sentences, and the words that findings name."""

from klark.admin.queue.marked_text import marked

LETTER = "Hello Jane,\n\nSend it within 3 of 30 days. We refund 60 %.\n\nalder team"
SENTENCES = [{"text": "Send it within 3 of 30 days."}, {"text": "Not in the letter."}, {"text": "We refund 60 %."}]


def pieces(*findings: dict[str, object]) -> dict[int, list[tuple[str, str, bool]]]:
    """What each sentence of the letter is cut into."""
    parts = marked(LETTER, SENTENCES, findings)
    assert "".join(piece.text for part in parts for piece in part.pieces) == LETTER
    return {part.number: [(each.text, each.why, each.whole) for each in part.pieces] for part in parts if part.number}


def test_a_letter_is_cut_at_the_sentences_that_are_in_it_word_for_word() -> None:
    assert list(pieces()) == [1, 3]
    assert [part.number for part in marked("As edited.", SENTENCES, [])] == [0]


def test_the_words_of_a_finding_are_marked_where_they_stand_whole() -> None:
    nowhere = {"id": "klark.G161", "sentence": 0, "words": "3"}
    why = "A figure that comes from nowhere"
    assert pieces(nowhere)[1] == [
        ("Send it within ", "", False), ("3", why, False), (" of 30 days.", "", False)]  # fmt: skip
    assert pieces({**nowhere, "words": "within 3 of 3"})[1][1][0] == "within 3 of 3"
    assert pieces({**nowhere, "words": "U+200B"}) == pieces()


def test_a_word_may_be_part_of_two_findings_and_a_finding_be_on_the_whole_draft_or_sentence() -> None:
    unjudged = {"id": "klark.G153", "sentence": 2, "words": "We refund 60 %."}
    forbidden = {"id": "klark.G062", "sentence": None, "words": "we REFUND"}
    assert pieces(unjudged, forbidden)[3] == [
        ("We refund", "Not judged · A phrase that the policy forbids", False), (" 60 %.", "Not judged", True)]  # fmt: skip
