"""A newsletter's Markdown as the two texts of a mail: plain text and HTML.

HTML in the file is text like any other, a picture is its description: nothing is fetched from anywhere, so nobody is
told who opens the mail. Links lead to ``https``, ``http`` and ``mailto`` only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

from markdown_it import MarkdownIt

from desk.errors import InvalidInput
from desk.wording import plain

if TYPE_CHECKING:
    from markdown_it.token import Token

FIRST_NAME: Final = re.compile(r"[ \t]?\{first_name\}")
LINK: Final = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
LONGEST_SUBJECT: Final = 200
HEADING_ALONE: Final = 3
"""Parts that a text has in which there is nothing but a heading: its beginning, its words, its end."""
PAGE: Final = (
    '<!DOCTYPE html>\n<html lang="{language}">\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
    '<body style="font-family: sans-serif; max-width: 40em">\n{body}</body>\n</html>\n'
)


@dataclass(frozen=True, slots=True)
class Newsletter:
    """A newsletter before it is anybody's.

    Attributes:
        subject: its first heading.
        text: plain text.
        html: what stands in the page.
    """

    subject: str
    text: str
    html: str


def read_newsletter(markdown: str) -> Newsletter:
    """Read a newsletter.

    Args:
        markdown: the file's text (CommonMark). Its first heading is the subject; ``{first_name}`` in it becomes the
            reader's first name, with the blank before it left out when there is none.

    Raises:
        InvalidInput: ``newsletter``: ``no_subject``, ``subject_too_long`` or ``empty``.
    """
    reader = MarkdownIt("commonmark", {"html": False})
    reader.validateLink = lambda url: LINK.match(url) is not None  # type: ignore[method-assign]
    tokens = reader.parse(markdown)
    heading = next((place for place, token in enumerate(tokens) if token.type == "heading_open"), None)
    subject = "" if heading is None else plain(_words(tokens[heading + 1].children or ())).strip()
    if not subject:
        raise InvalidInput("newsletter", "no_subject")
    if len(subject) > LONGEST_SUBJECT:
        raise InvalidInput("newsletter", "subject_too_long")
    if len(tokens) <= HEADING_ALONE:
        raise InvalidInput("newsletter", "empty")
    reader.add_render_rule("image", _described)
    html = reader.renderer.render(tokens, reader.options, {})
    return Newsletter(subject, _Lines().laid_out(tokens), html)


def for_reader(text: str, first_name: str, *, in_html: bool = False) -> str:
    """Put the reader's first name in.

    Args:
        text: subject, plain text or HTML.
        first_name: empty: nobody is named.
        in_html: whether what is put in has to be escaped.
    """
    name = " ".join(plain(first_name).split())
    name = escape(name) if in_html else name

    def put_in(found: re.Match[str]) -> str:
        return f"{found[0][: found[0].index('{')]}{name}" if name else ""

    return FIRST_NAME.sub(put_in, text)


def page(title: str, body: str, language: str) -> str:
    """Put a body of HTML into a page."""
    return PAGE.format(language=escape(language), title=escape(title), body=body)


def _described(_self: Any, tokens: Sequence[Token], place: int, _options: Any, _env: Any) -> str:
    """Say what is on a picture in its place."""
    return escape(_words(tokens[place].children or ()))


def _words(children: Sequence[Token]) -> str:
    """Give what stands in a line: a link's address behind its words, unless it is the words."""
    said: list[str] = []
    links: list[tuple[str, int]] = []
    for child in children:
        match child.type:
            case "softbreak" | "hardbreak":
                said.append("\n")
            case "link_open":
                links.append((str(child.attrGet("href") or ""), len(said)))
            case "link_close":
                href, since = links.pop()
                if "".join(said[since:]).strip() not in {href, href.removeprefix("mailto:")}:
                    said.append(f" ({href})")
            case "image":
                said.append(_words(child.children or ()))
            case _:
                said.append(child.content)
    return "".join(said)


class _Lines:
    """Lays the blocks of a text out as lines: lists with their marks, quotations with theirs."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._before: list[str] = []
        self._lists: list[int | None] = []
        self._is_tight = False

    def laid_out(self, tokens: Sequence[Token]) -> str:
        """Give the text."""
        for token in tokens:
            self._take(token)
        return "\n".join(self._lines).strip("\n") + "\n"

    def _take(self, token: Token) -> None:
        match token.type:
            case "paragraph_open":
                self._is_tight = token.hidden
            case "inline":
                self._say(_words(token.children or ()))
            case "fence" | "code_block":
                self._say(token.content.rstrip("\n"))
            case "hr":
                self._say("-" * 40)
            case "bullet_list_open":
                self._lists.append(None)
            case "ordered_list_open":
                self._lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
                self._gap()
            case "list_item_open":
                self._before.append(self._mark())
            case "list_item_close" | "blockquote_close":
                self._before.pop()
            case "blockquote_open":
                self._before.append("> ")
            case _:
                pass

    def _mark(self) -> str:
        number = self._lists[-1]
        if number is None:
            return "- "
        self._lists[-1] = number + 1
        return f"{number}. "

    def _say(self, text: str) -> None:
        for line in text.split("\n"):
            self._lines.append(f"{''.join(self._before)}{line}".rstrip())
            # A mark stands once, before the first line of its item.
            self._before = [part if part == "> " else " " * len(part) for part in self._before]
        if not self._is_tight:
            self._gap()
        self._is_tight = False

    def _gap(self) -> None:
        if self._lines and self._lines[-1]:
            self._lines.append("")
