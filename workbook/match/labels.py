"""Labels as offices write them, compared without blanks, brackets, quotes, punctuation and numbering."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from workbook.definition import FormError, Reader, load_toml, read_toml
from workbook.expression import expression
from workbook.form import load_form, without_number
from workbook.report.marks import without_raised
from workbook.resources import editions, form_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_REMARK = expression(r"[(（\[【](?![^()（）\[\]【】]*(?<!万)元)[^()（）\[\]【】]*[)）\]】]")
"""A remark in brackets; not one that names another unit of money than the form's."""

WHERE = "schema/variants.toml"

_COUNTS = expression("(?:件数|数量|件|数)$")
_SHORTEST = 4
"""Characters of a label that is still recognised without its last word."""

_LONGEST = 200
"""Characters of a label; what is longer is a text."""


def bare(text: str) -> str:
    """Return a label without everything that offices write differently: letters and digits alone.

    >>> bare("8.危房“甲 乙”"), bare("（九）甲／乙")
    ('8危房甲乙', '九甲乙')
    """
    plain = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in plain if letter.isalnum())


@lru_cache(maxsize=20_000)
def forms(text: str) -> frozenset[str]:
    """Return what a label may be recognised by: with and without numbering, remarks in brackets and marks of notes.

    Texts that are too long to be labels are recognised by nothing.
    """
    if not text or len(text) > _LONGEST:
        return frozenset()
    text = "".join(text.split())
    found = set()
    for written in {text, without_raised(text)}:
        for numbered in (written, without_number(written)):
            found |= {bare(numbered), bare(_REMARK.sub("", numbered))}
    return frozenset((found | {stem(word) for word in found}) - {""})


@lru_cache(maxsize=2_000)
def own(label: str) -> frozenset[str]:
    """Return what a label of the form is recognised by beyond doubt: its own words."""
    return frozenset({bare(label), bare(_REMARK.sub("", without_number(label))), bare(without_number(label))} - {""})


@lru_cache(maxsize=2_000)
def wanted(label: str) -> frozenset[str]:
    """Return what a label of the form is recognised by: its own words and the variants that offices use."""
    known = variants()
    written = own(label) | {bare(other) for word in own(label) for other in known.get(word, ())}
    return written | {stem(word) for word in written}


def stem(word: str) -> str:
    """Return a label without what says that it counts something in a year: offices vary that most.

    >>> stem("本年甲乙件数"), stem("本年度甲乙数"), stem("甲乙丙丁"), stem("甲乙")
    ('本年甲乙', '本年甲乙', '甲乙丙丁', '甲乙')
    """
    short = _COUNTS.sub("", word.replace("本年度", "本年"))
    return short if len(short) >= _SHORTEST else word


@cache
def variants() -> Mapping[str, tuple[str, ...]]:
    """Return the ways in which offices write labels otherwise, by the form's bare label.

    Raises:
        FormError: a label is not one of the form's.
    """
    return _variants(load_toml(WHERE, form_files()), WHERE)


def parse_variants(text: str, where: str) -> Mapping[str, tuple[str, ...]]:
    """Return the variants that a TOML definition lists; ``where`` names it in errors.

    Raises:
        FormError: a label is not one of the form's.
    """
    return _variants(read_toml(text, where), where)


def _variants(data: dict[str, Any], where: str) -> Mapping[str, tuple[str, ...]]:
    top = Reader(where, data, "labels")
    labels = top["labels"]
    strange = not top.is_kept and labels.keys() - {word for label in _labels() for word in own(label)}
    if strange:
        raise FormError(f"{where}: no label of the form: {'、'.join(sorted(strange))}")
    return {label: tuple(others) for label, others in labels.items()}


def _labels() -> Iterator[str]:
    """Yield all labels of all editions."""
    for edition in editions():
        form = load_form(edition)
        yield from (section.title for section in form.sections)
        for table in form.tables:
            yield table.title
            for line in (*table.rows, *table.columns):
                yield from (*line.under, line.label)
