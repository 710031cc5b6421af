"""The documents as the tests see them: pages, sections, tables, code blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = tuple(
    sorted(
        path.relative_to(ROOT).as_posix()
        for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
    )
)

_FENCE = re.compile(
    r"^```(?P<info>[^\n]*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL
)
_INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A fenced block of code."""

    page: str
    number: int
    info: str
    code: str

    def __str__(self) -> str:
        return f"{self.page}#{self.number}"


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(*infos: str) -> list[Block]:
    """Fenced blocks of all pages whose info string is one of these."""
    return [
        Block(page=page, number=number, info=match["info"].strip(), code=match["code"])
        for page in PAGES
        for number, match in enumerate(_FENCE.finditer(text_of(page)))
        if match["info"].strip() in infos
    ]


def prose_of(page: str) -> str:
    """A page without its fenced blocks."""
    return _FENCE.sub("", text_of(page))


def inline_code(page: str) -> list[str]:
    return _INLINE.findall(prose_of(page))


def links_of(page: str) -> list[str]:
    return _LINK.findall(prose_of(page))


def anchors_of(page: str) -> set[str]:
    """Anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", prose_of(page), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in headings
    }


def section(page: str, heading: str) -> str:
    """The text below a heading, up to the next heading of its level or above."""
    lines = text_of(page).splitlines()
    start = lines.index(heading)
    level = len(heading) - len(heading.lstrip("#"))
    for stop in range(start + 1, len(lines)):
        if re.match(rf"#{{1,{level}}} ", lines[stop]):
            return "\n".join(lines[start + 1 : stop])
    return "\n".join(lines[start + 1 :])


def rows(text: str) -> list[list[str]]:
    """Cells of the table rows of a text, headers left out."""
    found: list[list[str]] = []
    lines = [line for line in text.splitlines() if line.startswith("|")]
    for i, line in enumerate(lines):
        is_rule = re.fullmatch(r"[|\s:-]+", line)
        is_header = i + 1 < len(lines) and re.fullmatch(r"[|\s:-]+", lines[i + 1])
        if not is_rule and not is_header:
            found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def named(cell: str) -> list[str]:
    """Names in backticks of a cell."""
    return _INLINE.findall(cell)


def commands() -> Iterator[tuple[str, str]]:
    """(page, command line) of all calls of the program in the documents."""
    starts = ("hpe-studio ", "./studio ")
    for page in PAGES:
        code = [b.code for b in blocks("", "sh", "bash") if b.page == page]
        lines = [line.strip() for text in code for line in text.splitlines()]
        for line in dict.fromkeys((*lines, *inline_code(page))):
            bare = line.removeprefix("$ ").partition("  #")[0].strip()
            if bare.startswith(starts):
                yield page, bare
