"""The account of a delivery: every file has its line, every kind its count; and a receipt for each unit."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workbook import __version__, exits
from workbook.collect.hand import stored
from workbook.collect.names import file_stems
from workbook.collect.receipt import AGAIN, OUTCOMES, RECEIVED, SKIPPED, UNCHANGED, UNKNOWN, UNREADABLE, Receipt
from workbook.files import make_folder, refuse_existing, save
from workbook.output.csv_table import without_formula
from workbook.printable import printable

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from workbook.collect.collection import Collection
    from workbook.collect.recheck import Rechecked
    from workbook.jobs.result import Result
    from workbook.report import Lang

_WORDS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        RECEIVED: "收", AGAIN: "重复", UNCHANGED: "内容未变", UNKNOWN: "认不出单位", UNREADABLE: "读不了",
        SKIPPED: "跳过", "errors": "错误 {}", "warnings": "提示 {}", "sound": "没有错误", "sum": "共 {} 个文件：{}",
        "faulty": "收下的里面 {} 份有错误", "file": "文件", "outcome": "结果", "unit": "单位ID", "name": "单位",
        "year": "年度", "error_count": "错误", "warning_count": "提示", "said": "说明", "submission": "报送号",
    },
    "en": {
        RECEIVED: "received", AGAIN: "received before", UNCHANGED: "content unchanged", UNKNOWN: "unit unknown",
        UNREADABLE: "unreadable", SKIPPED: "passed over", "errors": "errors: {}", "warnings": "warnings: {}",
        "sound": "sound", "sum": "{} files: {}", "faulty": "{} of those received have errors", "file": "File",
        "outcome": "Outcome", "unit": "Unit ID", "name": "Unit", "year": "Year", "error_count": "Errors",
        "warning_count": "Warnings", "said": "Remarks", "submission": "Submission",
    },
}  # fmt: skip
_RECEIPT: Mapping[Lang, str] = {
    "zh": """{name}：

贵单位 {year} 年度政府信息公开工作年度报告的以下文件已于 {received} 收到。

{files}
收件人：{by}
年报工具箱 {kit}，截至 {at}
""",
    "en": """{name}:

These files of your annual report for {year} were received on {received}.

{files}
Received by {by}
nianbao {kit}, as of {at}
""",
}
_COLUMNS = ("submission", "file", "outcome", "unit", "name", "year", "error_count", "warning_count", "said")


class Account:
    """What came of a delivery, file by file."""

    def __init__(self, collection: Collection, year: int, received: dt.datetime, by: str, lang: Lang) -> None:
        """Begin the account of what is handed in at a time for a year, and who takes it."""
        register = collection.register()
        self._units = register.units
        self._names = {unit.id: unit.name for unit in register.units}
        self._year, self._received, self._by = year, received, by
        self._lang, self._collection = lang, collection
        self.receipts: list[Receipt] = []

    def take(self, receipt: Receipt) -> None:
        """Note what came of a file."""
        self.receipts.append(receipt)

    def pass_over(self, result: Result) -> None:
        """Note a file that was passed over before it was looked into."""
        self.take(Receipt(result.file, SKIPPED, findings=result.findings))

    def settle(self, again: Rechecked) -> None:
        """Take over what was found when a submission of this delivery was checked again, beside last year's report."""
        self.receipts = [
            replace(each, errors=again.errors, warnings=again.warnings)
            if each.submission == again.submission and each.outcome in {RECEIVED, UNCHANGED, UNKNOWN}
            else each
            for each in self.receipts
        ]

    @property
    def faults(self) -> list[str]:
        """What the log is told where the kit itself failed."""
        return [each.fault for each in self.receipts if each.fault]

    @property
    def exit_code(self) -> int:
        """The code to leave with: whether something waits for a person, or a file could not be read."""
        if any(each.outcome == UNREADABLE for each in self.receipts):
            return exits.UNREADABLE
        return exits.FAULTY if any(map(self._waits, self.receipts)) else exits.SOUND

    def _waits(self, receipt: Receipt) -> bool:
        """Say whether a file waits for a person: errors, whose it is, another year, several versions at once."""
        if receipt.outcome == SKIPPED:
            return False
        notable = any(each["level"] != "info" for each in receipt.findings)
        if receipt.outcome == AGAIN:
            return notable
        return bool(receipt.outcome == UNKNOWN or receipt.errors or notable)

    def is_wrong(self, receipt: Receipt) -> bool:
        """Say whether a file waits for a person, or cannot be read."""
        return receipt.outcome == UNREADABLE or self._waits(receipt)

    def is_notable(self, receipt: Receipt) -> bool:
        """Say whether a file is told in a line of its own: every one but those in which nothing is wrong."""
        return receipt.outcome != RECEIVED or bool(receipt.errors or receipt.warnings or receipt.findings)

    def lines(self, receipt: Receipt) -> list[str]:
        """Return what is told of a file on the terminal, line by line."""
        words = _WORDS[self._lang]
        unit = f" → {self._names.get(receipt.unit, receipt.unit)}" if receipt.unit else ""
        year = f" {receipt.year}" if receipt.year and receipt.year != self._year else ""
        counts = "，".join(self._counts(receipt))
        said = [line for each in receipt.findings for line in (f"      {each['message']}", f"      → {each['hint']}")]
        number = f" #{receipt.submission}" if receipt.submission else ""
        return [f"{words[receipt.outcome]}{number}  {receipt.file}{unit}{year}{'：' if counts else ''}{counts}", *said]

    def _counts(self, receipt: Receipt) -> list[str]:
        words = _WORDS[self._lang]
        if receipt.submission is None or receipt.outcome in {AGAIN, SKIPPED, UNREADABLE}:
            return []
        counts = [("errors", receipt.errors), ("warnings", receipt.warnings)]
        return [words[key].format(number) for key, number in counts if number] or [words["sound"]]

    def summary(self) -> str:
        """Return the last line: how many files came, and how many of them came out how."""
        words, counts = _WORDS[self._lang], Counter(each.outcome for each in self.receipts)
        parts = " · ".join(f"{words[each]} {counts[each]}" for each in OUTCOMES if counts[each] or each == RECEIVED)
        faulty = sum(bool(each.errors) for each in self.receipts if each.outcome in {RECEIVED, UNKNOWN})
        more = f"；{words['faulty'].format(faulty)}" if faulty else ""
        return words["sum"].format(len(self.receipts), parts) + more

    def rows(self) -> list[dict[str, Any]]:
        """Return a row a file, for programs: its outcome is the key, texts are as they were received."""
        return [
            {
                "submission": each.submission,
                "file": each.file,
                "outcome": each.outcome,
                "unit": each.unit,
                "name": self._names.get(each.unit or "", ""),
                "year": each.year,
                "errors": each.errors,
                "warnings": each.warnings,
                "findings": each.findings,
            }
            for each in self.receipts
        ]

    def write_receipts(self, folder: Path, *, force: bool) -> list[Path]:
        """Write a receipt a unit as text, and return the files.

        Raises:
            FileExistsError: one is there, and ``force`` is not given; none was written.
            OSError: one cannot be written.
        """
        by_unit: defaultdict[str, list[Receipt]] = defaultdict(list)
        for each in self.receipts:
            if each.unit and each.outcome in {RECEIVED, UNCHANGED, AGAIN}:
                by_unit[each.unit].append(each)
        ending = "-回执.txt" if self._lang == "zh" else "-receipt.txt"
        stems = file_stems(self._units, ending)
        paths = {unit: folder / (stems[unit] + ending) for unit in by_unit if unit in stems}
        for path in paths.values():
            refuse_existing(path, force=force)
        make_folder(folder)
        for unit, path in paths.items():
            save(path, self._receipt(unit, by_unit[unit]).encode(), force=force)
        return list(paths.values())

    def _receipt(self, unit: str, receipts: list[Receipt]) -> str:
        words = _WORDS[self._lang]
        lines = []
        for each in receipts:
            digest = self._collection.digest(each.submission or 0)
            counts = "，".join(self._counts(each))
            head = f"  {printable(each.file)}\n    {words[each.outcome]} #{each.submission}  {counts}\n"
            lines.append(f"{head}    SHA-256 {digest}\n")
        stamp = stored(self._received)[:16]
        return _RECEIPT[self._lang].format(
            name=printable(self._names[unit]),
            year=self._year,
            received=stamp,
            files="".join(lines),
            by=printable(self._by),
            kit=__version__,
            at=stamp,
        )


def _text(account: Account) -> bytes:
    lines = [printable(line) for each in account.receipts for line in account.lines(each)]
    return "\n".join([*lines, account.summary(), ""]).encode()


def _json(account: Account) -> bytes:
    return (json.dumps(account.rows(), ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")


def _csv(account: Account) -> bytes:
    words = _WORDS[account._lang]  # noqa: SLF001
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([words[column] for column in _COLUMNS])
    for row in account.rows():
        said = " ".join(each["message"] for each in row["findings"])
        line = (
            row["submission"], row["file"], words[row["outcome"]], row["unit"], row["name"], row["year"],
            row["errors"], row["warnings"], said,
        )  # fmt: skip
        writer.writerow([without_formula(each) if isinstance(each, str) else each for each in line])
    return ("\ufeff" + out.getvalue()).encode("utf-8", "backslashreplace")


FORMS: Mapping[str, Callable[[Account], bytes]] = {"text": _text, "json": _json, "csv": _csv}
"""The account as a file, by format."""
