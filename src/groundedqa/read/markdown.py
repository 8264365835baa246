"""Markdown with front matter: headings become sections, the rest plain text with its TeX."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from groundedqa.clean import clean_line
from groundedqa.errors import SourceError
from groundedqa.read.decode import decode
from groundedqa.read.fields import DocumentFields, parse_fields
from groundedqa.read.markdown_html import LINE_BREAK, strip_tags
from groundedqa.read.markdown_maths import maths_plugin
from groundedqa.read.profile import SiteProfile
from groundedqa.read.raw import Broken, RawDocument, RawSection, Reader, Source
from groundedqa.read.tables import with_headers

_FRONT_MATTER = re.compile(rb"---[ \t]*\r?\n")
# Not the comments of a program: the first line of the text, or a line apart from others.
_HEADING = re.compile(
    rb"(?:\A\s*|\n[ \t]*\r?\n)#{1,6} \S[^\n]*(?:\n[ \t]*\r?\n|\s*\Z)|\A\s*#{1,6} \S"
)
_NOT_TEXT = ("tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")
_UNCLOSED = re.compile(r"---\n\s*[\w-]+\s*:")


class _Loader(yaml.SafeLoader):
    """YAML whose plain values are text as it stands: ``no`` is a language, ``010`` an id."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if tag in _NOT_TEXT]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parser.use(front_matter_plugin).use(footnote_plugin, inline=False, move_to_end=False)
    return parser.use(maths_plugin)


def recognises(head: bytes) -> bool:
    """Whether front matter opens the file or a line is a heading marked with ``#``."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    return bool(_FRONT_MATTER.match(head) or _HEADING.search(head))


def read(source: Source, profile: SiteProfile) -> Iterator[RawDocument | Broken]:
    """The one document of a file; its title is the front matter's, else the first heading."""
    del profile  # Markdown says itself what is what
    text, warnings = decode(source)
    text = text.replace("\r\n", "\n")
    tokens = _parser().parse(text)
    fields = _front_matter(tokens, text)
    sections = _sections(tokens)
    title = fields.title
    if title is None:
        title = _take_title(sections)
    author = (fields.author, fields.role, fields.credential)
    if any(author):
        sections[0] = RawSection(sections[0].text, "", 0, *author)
    kept = tuple(s for s in sections if s.text or s.heading or s.author)
    if not any(section.text for section in kept):
        raise SourceError("there is no text under the headings")
    stem = source.path.stem.replace("-", " ").replace("_", " ")
    made = fields.document(title=title or stem, sections=kept, default_kind="article")
    yield replace(made, warnings=warnings)


def _front_matter(tokens: Sequence[Token], text: str) -> DocumentFields:
    if not tokens or tokens[0].type != "front_matter":
        if _UNCLOSED.match(text):
            raise SourceError("the front matter is never closed; end it with a line '---'")
        return DocumentFields()
    try:
        loaded = yaml.load(tokens[0].content, _Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" (line {mark.line + 2})" if mark else ""
        problem = getattr(error, "problem", None) or "not YAML"
        raise SourceError(f"broken front matter{line}: {problem}") from error
    except RecursionError as error:
        raise SourceError("broken front matter: nested too deeply") from error
    except (ValueError, LookupError, AttributeError) as error:  # "!!bool x", "!!timestamp x"
        raise SourceError(f"broken front matter: {error}") from error
    if loaded is None:
        return DocumentFields()
    if not isinstance(loaded, dict):
        raise SourceError("broken front matter: it must be `name: value` lines")
    return parse_fields(loaded, "broken front matter")


def _take_title(sections: list[RawSection]) -> str | None:
    """Take the first heading off as the title when it opens the document."""
    if len(sections) < 2 or sections[0].text:
        return None
    first = sections.pop(1)
    alone = not any(section.level <= first.level for section in sections[1:])
    if alone:
        sections[0] = RawSection(first.text)
    else:
        sections.insert(1, first)
    return first.heading


def _sections(tokens: Sequence[Token]) -> list[RawSection]:
    """The text before any heading first, then one section for each heading."""
    sections = []
    heading, level, start = "", 0, 0
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0:
            sections.append(RawSection(_render(tokens[start:index]), heading, level))
            heading = clean_line(_inline(tokens[index + 1]))
            level, start = int(token.tag[1]), index + 3
    sections.append(RawSection(_render(tokens[start:]), heading, level))
    return sections


def _render(tokens: Sequence[Token]) -> str:
    """Blocks as plain text: a blank line between blocks, none between items and rows."""
    blocks = _Blocks()
    for token in tokens:
        blocks.take(token)
    return "\n".join(blocks.lines).strip("\n")


class _Blocks:
    """The lines of blocks as they come, with the lists and rows that are open."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._numbers: list[int | None] = []  # of each open list; None: it has no numbers
        self._marker = ""  # of an item whose first line is still to come
        self._row: list[str] | None = None
        self._table = 0  # where the lines of the last one begin

    def take(self, token: Token) -> None:
        """Take the next token."""
        structure = {
            "bullet_list_open": self._open_list,
            "ordered_list_open": self._open_list,
            "bullet_list_close": self._close_list,
            "ordered_list_close": self._close_list,
            "list_item_open": self._open_item,
            "tr_open": self._open_row,
            "tr_close": self._close_row,
            "table_open": self._open_table,
            "table_close": self._close_table,
        }.get(token.type)
        if structure:
            structure(token)
        elif self._row is not None:
            if token.type == "inline":
                self._row.append(_inline(token).replace("\n", " "))
        elif (text := _leaf(token)) is not None:
            self.lines.append(text if text.startswith("    ") else self._marker + text)
            self._marker = ""
            if not self._numbers:
                self._end_block(token)

    def _open_list(self, token: Token) -> None:
        ordered = token.type.startswith("ordered")
        self._numbers.append(int(token.attrGet("start") or 1) if ordered else None)

    def _close_list(self, token: Token) -> None:
        self._numbers.pop()
        if not self._numbers:
            self._end_block(token)

    def _open_item(self, _: Token) -> None:
        number = self._numbers[-1]
        self._marker = "- " if number is None else f"{number}. "
        if number is not None:
            self._numbers[-1] = number + 1

    def _open_table(self, _: Token) -> None:
        self._table = len(self.lines)

    def _close_table(self, token: Token) -> None:
        self.lines[self._table :] = with_headers(self.lines[self._table :], 1)
        self._end_block(token)

    def _open_row(self, _: Token) -> None:
        self._row = []

    def _close_row(self, _: Token) -> None:
        self.lines.append("| " + " | ".join(self._row or ()) + " |")
        self._row = None

    def _end_block(self, _: Token) -> None:
        self.lines.append("")


def _leaf(token: Token) -> str | None:
    """The text of a block that holds no others; None for anything else."""
    if token.type == "inline":
        return _inline(token)
    if token.type in ("fence", "code_block"):
        return "\n".join("    " + line for line in token.content.rstrip("\n").split("\n"))
    if token.type in ("math_block", "math_block_eqno", "math_block_label", "amsmath"):
        return _maths(token)
    if token.type == "html_block":
        return strip_tags(token.content).strip()
    return None


def _inline(token: Token) -> str:
    parts = []
    for child in token.children or ():
        if child.type in ("text", "code_inline", "text_special"):
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak" or LINE_BREAK.fullmatch(child.content):
            parts.append("\n")
        elif child.type.startswith("math_"):
            parts.append(_maths(child))
    return "".join(parts)


def _maths(token: Token) -> str:
    """TeX within the delimiters that the source has."""
    if token.type == "amsmath":
        return token.content.strip()
    opening = token.markup or "$"
    closing = {"\\(": "\\)", "\\[": "\\]"}.get(opening, opening)
    content = token.content if token.type == "math_inline" else token.content.strip("\n")
    return f"{opening}{content}{closing}"


READER = Reader("markdown", (".md", ".markdown", ".mdown", ".mkd"), recognises, read)
