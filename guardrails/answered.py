"""A source that is no article: what a colleague answered on another ticket. Its age stands in its key, and not in its title or
text, where a figure of it could pass for one that the source says."""

import re
from dataclasses import dataclass

_KEY = re.compile(r"answered/(?P<ticket>[^/]{1,40})/(?P<day>[\d-]{10})/(?P<days>\d{1,5})")


@dataclass(frozen=True, slots=True)
class Answered:
    """On which ticket, on which day (YYYY-MM-DD), and how many days before the draft."""

    ticket: str
    day: str
    days: int

    @property
    def key(self) -> str:
        """As `Source.article`."""
        return f"answered/{self.ticket}/{self.day}/{self.days}"


def answered(article: str) -> Answered | None:
    """What a key says; None for an article's."""
    read = _KEY.fullmatch(article)
    return Answered(read["ticket"], read["day"], int(read["days"])) if read else None
