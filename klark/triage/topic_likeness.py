"""How close a ticket is to each of the tenant's topics, by the vectors of the topic's description and of the tickets that
people gave that topic."""

import math
from array import array
from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import mul

from guardrails.triage.classifier_heads import Vector
from guardrails.triage.classify import Vectors
from klark.values.triage import TopicWords

BLUR = 0.02
"""How much several texts that are almost as close add to the likeness of the closest."""


def likeness_to(topics: Sequence[TopicWords], text: str, vectors: Vectors) -> Mapping[str, float]:
    """Returns {topic key: how close the text is to the topic's own texts, from -1 to 1}. Raises what `vectors` raises."""
    vector = vectors([text])[0]
    return {topic.key: _close(vector, _vectors(vectors, _texts(topic))) for topic in topics}


def _texts(topic: TopicWords) -> tuple[str, ...]:
    return (f"{topic.name}. {topic.description}", *topic.examples)


def _close(vector: Vector, known: Sequence[Vector]) -> float:
    """Returns a soft maximum of the similarities."""
    nearest = [math.fsum(map(mul, vector, one)) for one in known]
    most = max(nearest)
    return most + BLUR * math.log(math.fsum(math.exp((one - most) / BLUR) for one in nearest))


@lru_cache(maxsize=1_024)  # topics of all tenants
def _vectors(vectors: Vectors, texts: tuple[str, ...]) -> tuple[Vector, ...]:
    """Returns the cached vectors of a topic's texts, which come again with every ticket: 1.5 KB each."""
    return tuple(array("f", one) for one in vectors(texts))
