"""Short ways to say a reply in a test."""

from guardrails.base import Finding, Judged, Level, Opinion, Options, Reply, Sentence, Source, Verdict
from guardrails.checks import CHECKS
from guardrails.guard import guard

OWN = {name: check for name, check in CHECKS.items() if name != "support"}
"""What code decides by itself, whatever a judge says."""
SUPPORTED = Judged((Opinion("supported", relevant=True),) * 400, (True,), trusted=True)
OPTIONS = Options(
    reader="verified", trusted_domains=frozenset({"shop.example", "boutique.example"}), judged=SUPPORTED
)  # fmt: skip


def reply(text: str, *sources: str, language: str = "en", ticket: str = "", around: str = "") -> Reply:
    """A reply of one sentence that cites the texts given."""
    cited = tuple(Source("a1", source, around=around) for source in sources)
    return Reply((Sentence(text, cited),), language, ticket)


def verdict(
    text: str, *sources: str, language: str = "en", ticket: str = "", around: str = "", options: Options = OPTIONS
) -> Verdict:
    """What the guard says of such a reply, beside what its judge says."""
    return guard(reply(text, *sources, language=language, ticket=ticket, around=around), options, OWN)


def ids(verdict: Verdict) -> set[str]:
    """The findings' ids."""
    return {finding.id for finding in verdict.findings}


def held(findings: tuple[Finding, ...]) -> bool:
    """Whether any finding holds the reply back."""
    return any(finding.level >= Level.HOLD for finding in findings)
