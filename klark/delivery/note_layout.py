"""The layout of every note. Above the fold: what happened, what must be read first, the draft, and a few lines; below it lists
under their headings. Neither helpdesk keeps a part that can be opened and shut, so a line of dashes is the fold."""

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from klark.delivery.rich_text import Rendered, sanitize


@dataclass(frozen=True, slots=True)
class Link:
    """A source, or a page in klark: its title leads to its address ("" for none). Never what a customer wrote."""

    title: str
    url: str = ""

    @property
    def text(self) -> str:
        """The link as html_to_text reads it back, so that klark knows its own note by its words."""
        return f"{self.title} ({self.url})" if self.url and self.url != self.title else self.title

    @property
    def markup(self) -> str:
        """The link as HTML; where a note may have no such link, its address can be read."""
        if not self.url.startswith("https://"):
            return html.escape(self.text)
        return f'<a href="{html.escape(self.url)}">{html.escape(self.title)}</a>'


Line = tuple[str | Link, ...]
"""Texts and links that stand beside each other."""


def note(
    title: str,
    draft: str = "",
    lines: Sequence[Line] = (),
    details: Mapping[str, Sequence[Line]] | None = None,
    words: Mapping[str, str] | None = None,
    before: str = "",
) -> Rendered:
    """Returns a note: its title, what stands before the draft, the draft, quoted, and lines; then the details, lists by their
    headings (`words` has the fold and the colon for them)."""
    folded = {heading: listed for heading, listed in (details or {}).items() if listed}
    shown = [line for line in lines if line]
    markup = [
        f"<p><strong>{html.escape(title)}</strong></p>" if title else "",
        f"<p>{_lines(before)}</p>" if before else "",
        f"<blockquote>{_lines(draft)}</blockquote>" if draft else "",
        *(f"<p>{_markup(line)}</p>" for line in shown),
    ]
    text = [title, before, draft, *map(_text, shown)]
    if folded and words:
        text.append(words["fold"])
        markup.append(f"<p>{words['fold']}</p>")
        for heading, listed in folded.items():
            named = [f"{heading}{words[':']}"] if heading else []
            text.append("\n".join([*named, *(f"- {_text(line)}" for line in listed)]))
            markup.append(f"<p>{html.escape(heading)}</p>" if heading else "")
            markup.append("".join(["<ul>", *(f"<li>{_markup(line)}</li>" for line in listed), "</ul>"]))
    return Rendered(sanitize("".join(markup)), "\n\n".join(part for part in text if part))


def in_one_line(heading: str, parts: Iterable[str | Link], colon: str) -> Line:
    """Returns parts in one line, with dots between them, after their heading; () if there are none."""
    listed = list(parts)
    apart = [each for part in listed for each in (" · ", part)][1:]
    return (f"{heading}{colon} ", *apart) if listed else ()


def plain(texts: Iterable[str]) -> list[Line]:
    """Returns texts as lines of a list."""
    return [(text,) for text in texts]


def _text(line: Line) -> str:
    return "".join(part if isinstance(part, str) else part.text for part in line)


def _markup(line: Line) -> str:
    return "".join(html.escape(part) if isinstance(part, str) else part.markup for part in line)


def _lines(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>")
