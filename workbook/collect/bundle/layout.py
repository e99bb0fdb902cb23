"""The layout of a bundle: its members and what each line of them says; ``docs/reference/bundle.md`` is made from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from workbook.collect.columns import columns
from workbook.collect.hand import moment
from workbook.collect.register import Due, Register
from workbook.collect.rollup.scope import Scope
from workbook.form import load_form
from workbook.intake.limits import REGISTER_TEXT_LIMIT
from workbook.printable import printable
from workbook.report.limits import YEARS
from workbook.resources import editions

if TYPE_CHECKING:
    import datetime as dt

FORMAT = 1
"""Version of the layout that this kit writes and reads."""
MIME = "application/vnd.nianbao.bundle+zip"
"""What stands in the first member, so that a bundle is known whatever it is called."""

KIND, MANIFEST, REPORTS, RECEIPTS, REGISTER, DECISIONS, ROLLUP = (
    "mimetype", "manifest.json", "reports.jsonl", "receipts.jsonl", "units.json", "decisions.jsonl", "rollup.json"
)  # fmt: skip
ORIGINALS = "originals/"
MEMBERS: Mapping[str, str] = MappingProxyType(
    {
        KIND: f"`{MIME}`, stored without compression, the first member",
        REPORTS: "a report a line, as `nianbao convert` writes them; one with errors is a draft that lists them",
        RECEIPTS: "of the report in the same line: when it was received, by what it is known, what its reading told",
        DECISIONS: "a decision a line, in the order in which they were taken",
        REGISTER: "the units that the bundle is about: a list, each as the register has it, parents before children",
        ROLLUP: "the roll-up of what counts, made again above and compared; none where `from` names no"
        " unit, as of a register with several topmost units: above, the sum of the sender is of more than these",
        f"{ORIGINALS}<digest><ending>": "the files as they were received; with `--originals` only",
        MANIFEST: "what the bundle is and holds, the last member",
    }
)
REQUIRED = (KIND, REPORTS, RECEIPTS, DECISIONS, REGISTER)
"""Members that a manifest has to list."""

DECIDED = (
    "accepted", "returned", "withdrawn", "restored", "waived", "extended", "erased", "scoped", "adjusted", "unadjusted",
)  # fmt: skip
"""Decisions that are handed up. What was erased below is told above, and erased there by whoever decides so."""
OF_SUM = frozenset({"scoped", "adjusted", "unadjusted"})
OF_SUBMISSION = frozenset({"accepted", "returned", "withdrawn", "restored", "erased"})

Shape = Mapping[str, tuple[tuple[type, ...], str]]
_NONE = type(None)
RECEIPT: Shape = MappingProxyType(
    {
        "submission": ((int,), "its number in the collection that handed it up"),
        "unit": ((str,), "the unit, by its key in `units.json`"),
        "year": ((int,), "the report year"),
        "file": ((str,), "the name under which it was received"),
        "digest": ((str,), "SHA-256 of the file as it was received, by which a report is known at all levels"),
        "received": ((str,), "when it was handed in, Beijing time; kept through all levels"),
        "delivery": ((int,), "what came together has one number"),
        "template": ((str, _NONE), "version of the template that it was filled into"),
        "published": ((bool,), "whether it came as a page, Word, PDF or text"),
        "errors": ((int,), "mistakes that are errors, by the newest check below"),
        "warnings": ((int,), "mistakes that are warnings"),
        "findings": ((list,), "what only the reading of the original could find"),
        "original": ((str, _NONE), "the member that holds the original"),
    }
)
DECISION: Shape = MappingProxyType(
    {
        "kind": ((str,), ", ".join(DECIDED)),
        "at": ((str,), "when it was decided, Beijing time"),
        "by": ((str,), "who decided"),
        "unit": ((str, _NONE), "the unit, by its key in `units.json`"),
        "year": ((int, _NONE), "the report year"),
        "digest": ((str, _NONE), "the report that it is about"),
        "reason": ((str,), "why"),
        "until": ((str, _NONE), "a day: until when it is to be corrected, or is due"),
        "sum": ((dict, _NONE), "of the roll-up: `scope`; or `cell`, `amount` and when it was `declared`"),
    }
)
SENDER: Shape = MappingProxyType(
    {
        "unit": ((str, _NONE), "its key in `units.json`; null where it is none of those units"),
        "name": ((str,), "its name"),
        "credit_code": ((str, _NONE), "统一社会信用代码"),
        "division_code": ((str, _NONE), "行政区划代码"),
    }
)
HEAD: Shape = MappingProxyType(
    {
        "format": ((int,), f"version of the layout, {FORMAT}"),
        "kit": ((str,), "version of the kit that made it"),
        "from": ((dict,), "the office that hands up"),
        "year": ((int,), "the report year"),
        "as_of": ((str,), "the newest change that is in it, Beijing time"),
        "counts": (
            (dict,),
            "units, reports, decisions, originals, and reports without_original where those are asked for",
        ),
        "members": ((dict,), "by name the `sha256` and the `size` in bytes of each other member"),
    }
)
UNIT: Shape = MappingProxyType(
    {
        "id": ((str,), "its key, by which the other members name it"),
        "name": ((str,), "名称"),
        "aliases": ((list,), "别名"),
        "parent": ((str, _NONE), "the key of the unit above; null of the topmost"),
        "kind": ((str, _NONE), "government, department, township or other"),
        "credit_code": ((str, _NONE), "统一社会信用代码"),
        "division_code": ((str, _NONE), "行政区划代码"),
        "due": ((dict, _NONE), "报送期限: `month`, `day`, and `year` or null"),
        "spells": ((list,), "pairs of the first and the last year in which it reports, null without an end"),
        "successor": ((str, _NONE), "承接单位: its key"),
        "counted": ((bool,), "计入汇总"),
        "contact": ((str, _NONE), "联系人"),
        "row": ((int,), "the row in the register's file"),
        "names": ((list,), "what it is called in each of the spells"),
    }
)
COUNTS = ("units", "reports", "decisions", "originals", "without_original")


class LayoutError(ValueError):
    """Something of a bundle is not as the layout has it; ``reason`` says what, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


@dataclass(frozen=True)
class Sender:
    """The office that hands up; ``unit`` is its key in the bundle's register, ``None`` where it has none there."""

    unit: str | None
    name: str
    credit_code: str | None = None
    division_code: str | None = None


@dataclass(frozen=True)
class Manifest:
    """What a bundle is and holds; ``members`` are digest and size by name, of all members but itself."""

    kit: str
    sender: Sender
    year: int
    as_of: dt.datetime
    counts: Mapping[str, int]
    members: Mapping[str, tuple[str, int]]

    def to_json(self) -> bytes:
        """Return it as the bytes of the member."""
        said = {
            "format": FORMAT,
            "kit": self.kit,
            "from": asdict(self.sender),
            "year": self.year,
            "as_of": self.as_of.strftime("%Y-%m-%d %H:%M:%S"),
            "counts": {key: self.counts[key] for key in COUNTS},
            "members": {name: {"sha256": digest, "size": size} for name, (digest, size) in self.members.items()},
        }
        return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")


def read_manifest(said: Any) -> Manifest:
    """Return the manifest that plain data of the member describes.

    Raises:
        LayoutError: it is of another version, or lacks or mistakes something.
    """
    if isinstance(said, dict) and said.get("format") != FORMAT and isinstance(said.get("format"), int):
        raise NewerError(said["format"])
    shaped(said, HEAD)
    shaped(said["from"], SENDER)
    if set(said["counts"]) != set(COUNTS) or not all(map(_is_count, said["counts"].values())):
        raise LayoutError("counts 不对", "wrong counts")
    members = {name: _member(name, each) for name, each in said["members"].items()}
    lacking = [name for name in REQUIRED if name not in members]
    if lacking:
        raise LayoutError(f"没有列出 {'、'.join(lacking)}", f"does not list {', '.join(lacking)}")
    return Manifest(
        said["kit"], Sender(**said["from"]), year_of(said["year"]), time_of(said["as_of"]), said["counts"], members
    )


class NewerError(LayoutError):
    """The layout is of a version that this kit does not read."""

    def __init__(self, version: int) -> None:
        super().__init__(f"格式版本是 {version}", f"format version {version}")
        self.version = version


def _member(name: str, said: Any) -> tuple[str, int]:
    known = isinstance(said, dict) and set(said) == {"sha256", "size"}
    if not (
        known
        and is_digest(said["sha256"])
        and _is_count(said["size"])
        and (name in {*REQUIRED, ROLLUP} or _is_original(name))
    ):
        raise LayoutError(f"members 里的 {name[:80]} 不对", f"wrong member {name[:80]}")
    return said["sha256"], said["size"]


def _is_original(name: str) -> bool:
    stem, _, ending = name.removeprefix(ORIGINALS).partition(".")
    return name.startswith(ORIGINALS) and is_digest(stem) and (not ending or ending.isalnum())


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**53


def is_sum(said: Any, kind: str) -> bool:
    """Say whether what a decision says of a roll-up is as its kind has it."""
    if kind not in OF_SUM or not isinstance(said, dict):
        return kind not in OF_SUM and said is None
    if kind == "scoped":
        return set(said) == {"scope"} and said["scope"] in {each.key for each in Scope}
    if set(said) != {"cell", "amount", "declared"} or type(said["amount"]) is not int:
        return False
    cells = {cell for edition in editions() for cell in load_form(edition).cells}
    return said["cell"] in cells and abs(said["amount"]) < 2**53 and isinstance(said["declared"], str)


def read_register(said: Any) -> Register:
    """Return the register that plain data of the member describes.

    Raises:
        LayoutError: it is none; texts in it are too long, or hold what cannot be printed.
    """
    if not isinstance(said, list):
        raise LayoutError("应当是单位的列表", "a list of units is expected")
    for number, each in enumerate(said, 1):
        unit = shaped(each, UNIT)
        if not _is_unit(unit):
            raise LayoutError(f"第 {number} 个单位不对", f"unit {number} is wrong")
    try:
        return Register.from_json(json.dumps(said))
    except ValueError:
        raise LayoutError("单位重复、上级不在或者成圈", "units twice, without their parents or in a circle") from None


def _is_unit(unit: Mapping[str, Any]) -> bool:
    keys = ("id", "name", "parent", "credit_code", "division_code", "successor", "contact")
    lists = unit["aliases"], unit["names"], unit["spells"]
    texts = [*(unit[key] for key in keys), *unit["aliases"], *unit["names"]]
    return bool(
        unit["id"]
        and unit["name"]
        and all(text is None or _is_text(text) for text in texts)
        and all(len(each) <= REGISTER_TEXT_LIMIT for each in lists)
        and unit["kind"] in {None, *columns().choices}
        and unit["spells"]
        and all(map(_is_spell, unit["spells"]))
        and (unit["due"] is None or _is_due(unit["due"]))
    )


def _is_text(text: Any) -> bool:
    return isinstance(text, str) and len(text) <= REGISTER_TEXT_LIMIT and printable(text) == text


def _is_spell(said: Any) -> bool:
    return isinstance(said, list) and len(said) == 2 and all(year is None or _is_year(year) for year in said)  # noqa: PLR2004


def _is_year(year: Any) -> bool:
    return type(year) is int and 0 < year < 10_000  # noqa: PLR2004


def _is_due(said: dict[str, Any]) -> bool:
    if set(said) != {"month", "day", "year"} or not (said["year"] is None or _is_year(said["year"])):
        return False
    try:
        Due(**said).on(2023)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def is_digest(text: Any) -> bool:
    """Say whether a value is a SHA-256, hexadecimal."""
    return isinstance(text, str) and len(text) == 64 and set(text) <= set("0123456789abcdef")  # noqa: PLR2004


def shaped(said: Any, shape: Shape) -> dict[str, Any]:
    """Return plain data that has just the keys of a shape, each of its kind.

    Raises:
        LayoutError: it has others, or others' values.
    """
    if not isinstance(said, dict) or set(said) != set(shape):
        raise LayoutError(f"应当是有 {'、'.join(shape)} 这些项的对象", f"an object with {', '.join(shape)} is expected")
    for key, (kinds, _) in shape.items():
        if type(said[key]) not in kinds:
            raise LayoutError(f"{key} 的值不对", f"wrong value of {key}")
        if isinstance(said[key], int) and abs(said[key]) >= 2**53:
            raise LayoutError(f"{key} 的数太大", f"{key} is too large")
    return said


def time_of(text: str) -> dt.datetime:
    """Return a time of a bundle.

    Raises:
        LayoutError: it is none.
    """
    try:
        return moment(text)
    except (ValueError, OverflowError):
        raise LayoutError(f"“{text[:40]}”不是时间", f"{text[:40]!r} is no time") from None


def year_of(year: int) -> int:
    """Return a report year.

    Raises:
        LayoutError: it is none.
    """
    if year not in YEARS:
        raise LayoutError(f"{year} 不是报告年度", f"{year} is no report year")
    return year
