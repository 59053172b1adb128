"""The layout of every note: what happened, what is to be read first, the draft, and lists under their headings."""

import html
import re
from collections.abc import Collection, Mapping, Sequence

from klark.delivery.rich_text import Rendered, sanitize


def sections(
    title: str, body: str, lists: Mapping[str, Sequence[str]], colon: str, before: str = "", links: Collection[str] = ()
) -> Rendered:
    """Returns a note: its title, what stands before the body, the body, quoted, and lists by their headings. `links`: the
    addresses of sources, which are links wherever a list has them; no other address is, for a customer may have written it."""
    text = [title, before, body]
    markup = [
        f"<p><strong>{html.escape(title)}</strong></p>",
        f"<p>{_lines(before)}</p>" if before else "",
        f"<blockquote>{_lines(body)}</blockquote>" if body else "",
    ]
    for heading, lines in lists.items():
        if lines:
            text.append("\n".join([f"{heading}{colon}" if heading else "", *(f"- {line}" for line in lines)]).strip())
            points = "".join(f"<li>{_linked(line, links)}</li>" for line in lines)
            markup.append(f"<p>{html.escape(heading)}</p><ul>{points}</ul>")
    return Rendered(sanitize("".join(markup)), "\n\n".join(part for part in text if part))


def _linked(line: str, links: Collection[str]) -> str:
    """Returns one line, escaped, with these addresses as links."""
    longest = sorted(filter(None, links), key=len, reverse=True)
    parts = re.split(f"({'|'.join(map(re.escape, longest))})", line) if longest else [line]
    escaped = [(part in longest, html.escape(part)) for part in parts]
    return "".join(f'<a href="{part}">{part}</a>' if is_link else part for is_link, part in escaped)


def _lines(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>")
