"""Where results go as they come: printed at once where a format allows it, else kept until all are there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from workbook.output import FORMATS, Format, render
from workbook.records import dataclass

if TYPE_CHECKING:
    from workbook.jobs.result import Result
    from workbook.output.tally import Tally
    from workbook.report import Lang

_BY_LINE = {"jsonl", "concise", "github"}
"""Formats in which the lines of one report are none of another's business."""


@dataclass
class Stream:
    """Prints each result as it comes; its format has a ``block`` for each and a ``closing`` for all."""

    module: Any
    lang: Lang
    columns: int
    write: Callable[[bytes], None]
    amount: Mapping[str, bool]

    def take(self, result: Result) -> None:
        """Print a result."""
        self.write(self.module.block(result, self.lang, self.columns, **self.amount))

    def close(self, tally: Tally) -> None:
        """Print what ends them."""
        self.write(self.module.closing(tally, self.lang, **self.amount))


@dataclass
class Lines:
    """Prints the lines of each result as they come; its format has nothing else."""

    module: Any
    lang: Lang
    write: Callable[[bytes], None]

    def take(self, result: Result) -> None:
        """Print the lines of a result."""
        self.write(self.module.render([result], self.lang))

    def close(self, _tally: Tally) -> None:
        """Nothing ends them."""


@dataclass
class Collection:
    """Keeps the results, for a format that is one whole."""

    form: Format
    lang: Lang
    write: Callable[[bytes], None]
    _results: list[Result] = field(default_factory=list)

    def take(self, result: Result) -> None:
        """Keep a result; what is told of a file when all have come is put with what was told of it before."""
        if not result.is_closing:
            self._results.append(result)
            return
        at = next(at for at, known in enumerate(self._results) if known.file == result.file)
        known = self._results[at]
        self._results[at] = replace(
            known,
            findings=[*known.findings, *result.findings],
            unshown=[*known.unshown, *result.unshown],
            exit_code=max(known.exit_code, result.exit_code),
        )

    def close(self, _tally: Tally) -> None:
        """Give all as one."""
        self.write(render(self._results, self.form, self.lang))


def sink(
    form: Format, lang: Lang, write: Callable[[bytes], None], columns: int = 0, **amount: bool
) -> Stream | Lines | Collection:
    """Return where the results of a format go.

    Args:
        form: the format.
        lang: the language of its words.
        write: takes the bytes.
        columns: the width of the terminal that text is for; 0 where it is for none.
        amount: how much text tells: ``quiet``, ``summary``.
    """
    module = import_module(f"workbook.output.{FORMATS[form].module}")
    if form == "text":
        return Stream(module, lang, columns, write, amount)
    return Lines(module, lang, write) if form in _BY_LINE else Collection(form, lang, write)
