"""Columns of lines: how far a line is indented, and where a column begins; a tab goes on to the next fourth column."""

from __future__ import annotations

TAB = 4


def indented(text: str, start: int, end: int) -> tuple[int, int]:
    """How many columns of blanks a line begins with, and the position behind them."""
    columns, position = 0, start
    while position < end:
        if text[position] == " ":
            columns += 1
        elif text[position] == "\t":
            columns += TAB - columns % TAB
        else:
            break
        position += 1
    return columns, position


def past(text: str, start: int, end: int, columns: int) -> int:
    """The position behind so many columns of blanks, or behind all blanks if there are fewer."""
    done, position = 0, start
    while position < end and done < columns and text[position] in " \t":
        done += 1 if text[position] == " " else TAB - done % TAB
        position += 1
    return position
