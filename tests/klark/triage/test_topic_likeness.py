"""How close a ticket is to the tenant's topics."""

from collections.abc import Sequence

import pytest

from klark.triage.topic_likeness import likeness_to
from klark.values.triage import TopicWords

DELIVERY = TopicWords("delivery", "Delivery", "Where a parcel is", examples=("It has not come", "Two days late"))
RETURNS = TopicWords("returns", "Returns", "Sending back")


def test_the_texts_of_a_topic_are_embedded_at_once_and_kept() -> None:
    sent: list[list[str]] = []

    def vectors(texts: Sequence[str]) -> list[tuple[float, float]]:
        sent.append(list(texts))
        return [(1.0, 0.0) if "late" in text else (0.0, 1.0) for text in texts]

    likeness = [likeness_to((DELIVERY, RETURNS), "A week late!", vectors) for _ in range(2)]
    delivery, returns = ["Delivery. Where a parcel is", "It has not come", "Two days late"], ["Returns. Sending back"]
    assert sent == [["A week late!"], delivery, returns, ["A week late!"]]
    assert likeness[0] == likeness[1] == {"delivery": pytest.approx(1.0, abs=0.001), "returns": pytest.approx(0.0)}
