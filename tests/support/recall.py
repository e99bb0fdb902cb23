"""How many contradictions of the corpus of sentences are found, and how many sound sentences are warned of.

``python tests/support/recall.py`` prints both by code; ``nox -s recall`` runs it.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from cases import CORPUS, sound

from workbook.checks.text import check
from workbook.report import number

if TYPE_CHECKING:
    from workbook.report import Finding, Report


@dataclass(frozen=True)
class Sentence:
    """A sentence of the corpus as the text of a report, last year's report, and the findings that are right."""

    text: str
    report: Report
    previous: Report | None = None
    expect: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: bool = False

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.expect and not self.missed

    def findings(self) -> list[Finding]:
        """Return what the checks of the text find."""
        return list(check(self.report, self.previous))


@cache
def sentences(file: str = "sentences.toml") -> tuple[Sentence, ...]:
    """Return the sentences of a file of the corpus."""
    return tuple(map(_sentence, tomllib.loads((CORPUS / file).read_text(encoding="utf-8"))["sentence"]))


def _sentence(item: dict[str, Any]) -> Sentence:
    unknown = item.keys() - {"text", "edition", "kind", "name", "part", "set", "previous", "expect", "missed"}
    assert not unknown, item
    base = sound(item.get("edition", "2021"))
    base = base.with_cells({key: number(value) for key, value in item.get("set", {}).items()})
    body = replace(base.body, kind=item.get("kind", base.body.kind) or None, name=item.get("name", base.body.name))
    narrative = {**base.narrative, item.get("part", "overview"): item["text"]}
    assert base.year
    last = replace(base.with_cells(item["previous"]), year=base.year - 1) if "previous" in item else None
    expect = Counter[tuple[str, str]]((code, phrase) for code, phrase in item.get("expect", ()))
    return Sentence(
        item["text"], replace(base, narrative=narrative, body=body), last, expect, item.get("missed", False)
    )


@dataclass
class Recall:
    """Contradictions by code: how many there are, how many were found; and the warnings that are wrong."""

    there: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    sound: int = 0

    def lines(self) -> list[str]:
        """Return the figures in words."""
        codes = [f"{code:17} {self.found[code]:4} of {count:4}" for code, count in sorted(self.there.items())]
        found, there = self.found.total(), self.there.total()
        share = f"{found / there:.1%}" if there else "-"
        return [
            *codes,
            f"found             {found:4} of {there:4}  {share}",
            f"false warnings    {len(self.wrong):4} on {self.sound} sound sentences",
        ]


def recall(listed: tuple[Sentence, ...]) -> Recall:
    """Return what is found in some sentences; what is known to be missed counts as one of the tables."""
    figures = Recall()
    for sentence in listed:
        got = Counter((finding.code, finding.quote.text) for finding in sentence.findings() if finding.quote)
        figures.sound += sentence.is_sound
        figures.there.update([code for code, _ in sentence.expect.elements()] + ["text.contradicts"] * sentence.missed)
        if sentence.missed:
            figures.found["text.contradicts"] += bool(got)
            continue
        figures.found.update(code for code, _ in (got & sentence.expect).elements())
        figures.wrong += [f"{code} {phrase}" for code, phrase in (got - sentence.expect).elements()]
    return figures


if __name__ == "__main__":
    figures = recall(sentences())
    print("\n".join([f"{len(sentences())} sentences", *figures.lines(), *figures.wrong]))  # noqa: T201 - it is a program
