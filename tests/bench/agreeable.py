"""A judge that says yes to everything: what then still stops a draft is klark's own code, and nothing else."""

import json
import re

from integrations.llms.base import Completion, Prompt
from klark.values.draft import Judge

_CLAIM, _ASK = (re.compile(rf"^({letter}\d+) ", re.MULTILINE) for letter in "CA")


class Agreeable:
    """Every claim supported and to the point, every question answered."""

    dialect = ""

    def complete(self, prompt: Prompt) -> Completion:
        """A verdict for every label; a stranger's lines that begin like one are never shown so."""
        verdicts = [{"claim": label, "verdict": "supported", "relevant": True} for label in _CLAIM.findall(prompt.user)]
        answers = [{"ask": label, "answered": True} for label in _ASK.findall(prompt.user)]
        content = {"verdicts": verdicts, "answers": answers}
        return Completion(content, json.dumps(content), "agreeable")


AGREEABLE = Judge(Agreeable(), "agreeable", trusted=True)
