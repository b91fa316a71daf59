"""What commands print: plain text that fits a terminal."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable

WHOLE = {"break_on_hyphens": False}  # names of drugs and files hold some
LIMITS = 40, 100  # columns: narrower is no table any more, longer lines are hard to read


def width() -> int:
    """Columns to fill: those of the terminal, or as many as $COLUMNS says, within limits."""
    columns = shutil.get_terminal_size((LIMITS[1], 24)).columns
    return min(max(columns, LIMITS[0]), LIMITS[1])


def paragraph(text: str, first: str = "", rest: str | None = None) -> str:
    """Text in lines that fit; `first` stands before its first line, `rest` (by default blanks) before the others."""
    rest = " " * len(first) if rest is None else rest
    lines = []
    for line in text.splitlines() or [""]:
        lines += textwrap.wrap(line, width(), initial_indent=first, subsequent_indent=rest, **WHOLE) or [first.rstrip()]
        first = rest
    return "\n".join(lines)


def section(title: str, text: str) -> None:
    """Print a title and what belongs to it."""
    print(f"\n{title}\n{'=' * len(title)}\n{text}", flush=True)


def listed(items: Iterable[str]) -> str:
    """A paragraph for each item, with a dash before it."""
    return "\n".join(paragraph(item, "- ") for item in items)


def table(rows: list[list[str]], header: list[str]) -> str:
    """Rows below a header. Where they are too wide together, the widest columns are wrapped."""
    cells = [[str(cell) for cell in row] for row in [header, *rows]]
    widths = [
        max(len(line) for cell in column for line in cell.splitlines() or [""]) for column in zip(*cells, strict=True)
    ]
    room = width() - 2 * (len(widths) - 1)
    while sum(widths) > max(room, 8 * len(widths)):
        widths[widths.index(max(widths))] -= 1
    lines = []
    for row in cells:
        wrapped = [_wrapped(cell, w) for cell, w in zip(row, widths, strict=True)]
        for i in range(max(map(len, wrapped))):
            parts = [(column[i] if i < len(column) else "").ljust(w) for column, w in zip(wrapped, widths, strict=True)]
            lines.append("  ".join(parts).rstrip())
        if row is cells[0]:
            lines.append("  ".join("-" * w for w in widths))
    return "\n".join(lines)


def _wrapped(cell: str, columns: int) -> list[str]:
    return [part for line in cell.splitlines() for part in textwrap.wrap(line, columns, **WHOLE) or [""]] or [""]
