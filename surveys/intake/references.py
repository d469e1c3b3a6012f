"""Cells by number and by name: (0, 0) is A1."""

from __future__ import annotations


def column_letters(number: int) -> str:
    """A column number from 0 to its letters: 0 → A, 26 → AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """Row and column from 0 to a reference: (0, 0) → A1."""
    return f"{column_letters(column)}{row + 1}"
