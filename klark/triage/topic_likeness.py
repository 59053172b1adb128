"""How close a ticket is to each of the tenant's topics, by the triage model's vectors of the topic's description and of
the tickets that people gave that topic."""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import mul

from guardrails.triage.classifier_heads import Vector
from guardrails.triage.classify import Vectors
from klark.values.triage import TopicWords

BLUR = 0.02
"""How much several texts that are almost as close add to the likeness of the closest."""


def likeness_to(topics: Sequence[TopicWords], vector: Vector, vectors: Vectors) -> Mapping[str, float]:
    """Returns {topic key: how close the ticket's vector is to the topic's texts, from -1 to 1}. Raises what `vectors`
    raises."""
    return {topic.key: _close(vector, [_vector(vectors, text) for text in _texts(topic)]) for topic in topics}


def _texts(topic: TopicWords) -> tuple[str, ...]:
    return (f"{topic.name}. {topic.description}", *topic.examples)


def _close(vector: Vector, known: Sequence[Vector]) -> float:
    """Returns a soft maximum of the similarities."""
    nearest = [math.fsum(map(mul, vector, one)) for one in known]
    most = max(nearest)
    return most + BLUR * math.log(math.fsum(math.exp((one - most) / BLUR) for one in nearest))


@lru_cache(maxsize=8_192)
def _vector(vectors: Vectors, text: str) -> Vector:
    """Returns the cached vector of a text that comes again with every ticket: about 3 KB each."""
    return vectors([text])[0]
