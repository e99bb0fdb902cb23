"""The store: exact numbers, names that are checked, versions that are brought up, views that say what Python says."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing, contextmanager, suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from cases import sound
from collected import HAND
from hypothesis import given
from hypothesis import strategies as st
from strategies import LETTERS, examples

from workbook.collect import schema, store, wide
from workbook.collect.collection import Collection
from workbook.collect.hand import BEIJING, CLOCK, stored
from workbook.collect.reports import report_of
from workbook.collect.store import FILE, ForeignStoreError, NoCollectionError, Store, create, find, migrate
from workbook.collect.versions import chains
from workbook.form import load_form
from workbook.resources import editions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FEE = "fees.fee.amount"
RECEIVED = "applications.received.total"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Store]:
    """An empty store that is written to."""
    create(tmp_path / "收报")
    found = Store(tmp_path / "收报", writes=True)
    yield found
    found.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """An empty store that properties write to and undo."""
    folder = tmp_path_factory.mktemp("shared") / "收报"
    create(folder)
    found = Store(folder, writes=True)
    yield found
    found.close()


class _Undo(Exception):  # noqa: N818
    """Ends a transaction that is not to be kept."""


@contextmanager
def undone(made: Store) -> Iterator[None]:
    """Write what is written inside and take it back."""
    with suppress(_Undo), made.transaction():
        yield
        raise _Undo


def insert(made: Store, number: int, **values: Any) -> int:
    """Insert a submission of a file of its own, which came in a delivery of its own."""
    at = values.pop("received", "2026-01-01 00:00:00")
    delivery = values.pop("delivery", None) or made.insert(
        "delivery", {"received": at, "at": "2026-01-01 00:00:00", "by": "", "reason": "", "year": 2025}
    )
    file = {"delivery": delivery, "digest": f"{number:064x}", "file": "a.xlsx", "ending": ".xlsx", "size": 1}
    row = {
        "received": made.insert("received", file), "part": 0, "file": "a.xlsx", "digest": f"{number:064x}",
        "edition": "2021", "how": "", "more": "[]", "published": 0, "weight": 0,
    }  # fmt: skip
    return made.insert("submission", row | values)


def with_cells(made: Store, number: int, **cells: Any) -> int:
    """Insert a submission with the cells of the sound report, some changed."""
    submission = insert(made, number, unit="a", for_year=2025)
    report = sound("2021").with_cells({key.replace("__", "."): value for key, value in cells.items()})
    wide.write_cells(made, submission, "2021", report.cells)
    return submission


# ---- numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        ("0.000001", 1), ("59237.2449", 59_237_244_900), ("0", 0), ("999999999.999999", 999_999_999_999_999),
        ("0.1", 100_000), ("-3.5", -3_500_000),
    ],
)  # fmt: skip
def test_money_is_exact(value: str, whole: int, made: Store) -> None:
    number = with_cells(made, 1, **{FEE: Decimal(value)})
    (kept,) = made.row("SELECT [fees.fee.amount] FROM report_2021") or ()
    assert kept == whole
    (shown,) = made.row("SELECT [fees.fee.amount] FROM report_2021_wan") or ()
    assert shown == float(value)
    ((_, cells),) = wide.cells_of(made, [(number, "2021")])
    assert cells[FEE] == Decimal(value)


def test_a_blank_is_null_and_zero_is_not(made: Store) -> None:
    with_cells(made, 1, **{RECEIVED: None, FEE: None, "services.licensing.decisions": 0})
    row = made.row(
        "SELECT [applications.received.total], [fees.fee.amount], [services.licensing.decisions] FROM report_2021_wan"
    )
    assert tuple(row or ()) == (None, None, 0)


VALUES = st.one_of(
    st.none(),
    st.integers(-(10**30), 10**30),
    st.decimals(-(10**14), 10**14, places=6, allow_nan=False),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.text(LETTERS, max_size=20),
)


@examples(60)
@given(data=st.data())
def test_whatever_a_cell_holds_comes_back(data: st.DataObject, shared: Store) -> None:
    edition = data.draw(st.sampled_from(editions()))
    base = sound("2021") if edition == "2021" else sound("2019")
    keys = data.draw(st.lists(st.sampled_from(sorted(base.cells)), max_size=12, unique=True))
    money = [key for key in base.cells if base.form.cells[key].kind.decimals]
    report = base.with_cells({key: data.draw(VALUES) for key in [*keys, *money]})
    with undone(shared):
        number = insert(shared, 1, edition=base.edition, year=report.year)
        wide.write_cells(shared, number, base.edition, report.cells)
        again = report_of(shared, number)
    for key, value in report.cells.items():
        assert again.cells[key] == value, key
        assert isinstance(again.cells[key], str) == isinstance(value, str)


# ---- names ----------------------------------------------------------------------------------------------------------


def test_a_misspelt_column_is_an_error_and_no_sum_of_nothing(made: Store) -> None:
    number = with_cells(made, 1)
    assert wide.sums(made, "2021", RECEIVED, [number]) == sound("2021").cells[RECEIVED]
    with pytest.raises(sqlite3.OperationalError, match=r"applications\.recieved\.total"):
        wide.sums(made, "2021", "applications.recieved.total", [number])
    trap = 'SELECT sum("applications.recieved.total") FROM report_2021'
    assert made.row(trap), "what SQLite says to double quotes, and why there are none"


@pytest.mark.parametrize("name", ["", "a]b", "a b", "x;--", "名称", 'a"b', "a\n", "[", "a.b]; DROP TABLE unit; --"])
def test_what_is_no_name_never_reaches_sql(name: str, made: Store) -> None:
    with pytest.raises(ValueError, match="no name"):
        wide.sums(made, "2021", name, [1])


def test_every_cell_of_every_edition_has_its_column(made: Store) -> None:
    for edition in editions():
        columns = [row["name"] for row in made.rows(f"PRAGMA table_info([report_{edition}])")]
        assert columns == ["submission", *load_form(edition).cells]


# ---- versions of the store ------------------------------------------------------------------------------------------


def test_a_store_of_an_older_version_is_brought_up_step_by_step(made: Store) -> None:
    steps = {
        1: ("ALTER TABLE unit ADD COLUMN phone TEXT", "UPDATE unit SET phone = contact"),
        2: ("CREATE INDEX unit_phone ON unit(phone)",),
    }
    number = with_cells(made, 1)
    migrate(made.db, steps, 3)
    assert made.db.execute("PRAGMA user_version").fetchone()[0] == 3
    assert "phone" in [row["name"] for row in made.rows("PRAGMA table_info(unit)")]
    assert wide.sums(made, "2021", RECEIVED, [number])
    made.close()
    with pytest.raises(ForeignStoreError, match="version 3"):
        Store(made.folder)


def test_a_step_that_fails_leaves_the_version_before(made: Store) -> None:
    steps = {
        1: ("ALTER TABLE unit ADD COLUMN phone TEXT",),
        2: ("CREATE TABLE extra (a)", "INSERT INTO nowhere VALUES (1)"),
    }
    with pytest.raises(sqlite3.OperationalError):
        migrate(made.db, steps, 3)
    assert made.db.execute("PRAGMA user_version").fetchone()[0] == 2
    assert not made.rows("SELECT name FROM sqlite_master WHERE name = 'extra'")
    with pytest.raises(ForeignStoreError, match="no way from version 2"):
        migrate(made.db, {}, 3)


def test_a_store_of_a_kit_that_knew_an_edition_less_gets_its_table(made: Store) -> None:
    made.db.execute("DROP VIEW report_2021_wan")
    made.db.execute("DROP TABLE report_2021")
    made.close()
    with closing(Store(made.folder)) as reading:
        assert not reading.rows("SELECT name FROM sqlite_master WHERE name = 'report_2021'")
        assert not chains(reading).by_key
    with closing(Store(made.folder, writes=True)) as again:
        with_cells(again, 1)
        assert again.row("SELECT [applications.received.total] FROM report_2021_wan")


@pytest.mark.parametrize("data", [b"", b"SQLite format 3\0" + b"\0" * 200, b"PK\x03\x04", "名册".encode() * 500])
def test_another_file_of_the_name_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(data)
    with pytest.raises(ForeignStoreError):
        Store(tmp_path)
    with pytest.raises(ForeignStoreError):
        Store(tmp_path, writes=True)
    assert (tmp_path / FILE).read_bytes() == data


def test_another_program_s_database_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as db:
        db.execute("CREATE TABLE submission (id)")
    with pytest.raises(ForeignStoreError, match="no collection"):
        Store(tmp_path)


def test_a_damaged_store_is_told(made: Store) -> None:
    with_cells(made, 1)
    made.close()
    data = bytearray((made.folder / FILE).read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    (made.folder / FILE).write_bytes(data)
    with pytest.raises((ForeignStoreError, sqlite3.DatabaseError)):
        Collection(made.folder).standings(2025)


def test_it_is_found_from_below_and_the_nearest_counts(tmp_path: Path) -> None:
    create(tmp_path / "省")
    create(tmp_path / "省" / "市" / "收报")
    (tmp_path / "省" / "市" / "收报" / "来件" / "一").mkdir(parents=True)
    assert find(tmp_path / "省" / "市" / "收报" / "来件" / "一").name == "收报"
    assert find(tmp_path / "省" / "市").name == "省"
    with pytest.raises(NoCollectionError):
        find(tmp_path)
    with pytest.raises(FileExistsError):
        create(tmp_path / "省")


@pytest.mark.skipif(sys.platform != "linux", reason="permissions of other systems")
def test_who_may_only_read_reads(made: Store) -> None:
    made.close()
    for path in (made.folder, made.folder / FILE):
        path.chmod(stat.S_IRUSR | (stat.S_IXUSR if path.is_dir() else 0))
    script = "import sys; from pathlib import Path; from workbook.collect import Collection\n"
    script += "folder = Path(sys.argv[1])\n"
    script += "try:\n    (folder / 'x').write_text('x')\n    print('writable')\nexcept OSError:\n    pass\n"
    script += "print(Collection(folder).standings(2025))"
    # Root is bound by permissions only without the capabilities that let it write all.
    bound = [] if os.geteuid() else ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    try:
        done = subprocess.run(
            [*bound, sys.executable, "-c", script, made.folder], capture_output=True, check=False, text=True
        )
    finally:
        made.folder.chmod(0o700)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_who_reads_cannot_write(made: Store) -> None:
    made.close()
    with closing(Store(made.folder)) as reading, pytest.raises(sqlite3.OperationalError):
        reading.event("waived", HAND, unit="a", year=2025)


# ---- views ----------------------------------------------------------------------------------------------------------

UNITS = ("a", "b", None)
KINDS = ("accepted", "returned", "withdrawn", "restored", "assigned", "exported", "waived")
STEPS = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.sampled_from(KINDS),
        st.sampled_from(UNITS[:2]),
        st.sampled_from([2024, 2025]),
    ),
    max_size=14,
)
RARELY = st.sampled_from([False, False, False, True])
COMES = st.lists(
    st.tuples(
        st.sampled_from(UNITS),
        st.sampled_from([2024, 2025]),
        st.integers(0, 3),
        st.booleans(),
        RARELY,
        st.sampled_from([True, True, True, False]),
    ),
    min_size=1,
    max_size=6,
)


@examples(150)
@given(comes=COMES, steps=STEPS)
def test_the_views_say_what_python_says(
    comes: list[tuple[Any, ...]], steps: list[tuple[Any, ...]], shared: Store
) -> None:
    made = shared
    with undone(made):
        for number, (unit, year, day, repeats, erased, readable) in enumerate(comes, 1):
            before = [at for at, each in enumerate(comes[: number - 1], 1) if each[:2] == (unit, year) and each[5]]
            insert(
                made, number, unit=unit, for_year=year, received=f"2026-01-0{day + 1} 00:00:00",
                same_as=before[-1] if repeats and before and unit else None,
                erased="2026-02-01 00:00:00" if erased else None,
                edition="2021" if readable else None,
            )  # fmt: skip
        for number, kind, unit, year in steps:
            if number <= len(comes):
                made.event(kind, HAND, unit=unit, year=year, submission=number)
        known = chains(made)
        versions = {
            (version.submission, unit, year, version.decision)
            for (unit, year), chain in known.by_key.items()
            for version in chain
        }
        counted = {
            (current.submission, unit, year)
            for unit, year in known.by_key
            if unit and (current := known.current(unit, year))
        }
        told = {tuple(row) for row in made.rows("SELECT submission, unit, year, decision FROM version")}
        summed = {tuple(row) for row in made.rows("SELECT submission, unit, year FROM counted")}
    assert told == versions
    assert summed == counted


def test_times_are_beijing_time_wherever_the_machine_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CLOCK, "2026-01-31T20:00:00+00:00")
    from workbook.collect.hand import now

    assert stored(now()) == "2026-02-01 04:00:00"
    assert now().tzinfo == BEIJING
    assert now().date() == dt.date(2026, 2, 1)


def test_every_table_and_view_is_documented_by_its_definition(made: Store) -> None:
    names = {row["name"] for row in made.rows("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
    own = {*schema.TABLES, *schema.VIEWS} | {f"report_{each}{end}" for each in editions() for end in ("", "_wan")}
    assert names == own
    assert store.MIGRATIONS.keys() == set(range(1, schema.VERSION))
