"""The collection from Python: what ``from workbook import collect`` offers does a January's work."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from cases import of_office
from workbooks import workbook_of

from workbook import collect
from workbook.jobs.search import search


def test_every_public_name_is_there() -> None:
    for name in dir(collect):
        assert getattr(collect, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'Colection'"):
        _ = collect.Colection


def test_a_collection_without_the_command(tmp_path: Path) -> None:
    (tmp_path / "来件").mkdir()
    (tmp_path / "来件" / "甲局.xlsx").write_bytes(workbook_of(of_office("甲局")))
    (tmp_path / "名册.csv").write_text("名称\n甲局\n乙局\n", encoding="utf-8")
    hand = collect.Hand("张三")
    collect.make(tmp_path / "名册.csv", tmp_path / "收报", 2024, hand, "zh")
    with collect.changing(tmp_path / "收报", hand) as change:
        (receipt,) = change.add(search([tmp_path / "来件"]).tasks, collect.hand.now())
    collection = collect.Collection.find(tmp_path / "收报")
    states = {each.unit.name: each.state for each in collection.standings()}
    assert states == {"甲局": collect.State.RECEIVED, "乙局": collect.State.OVERDUE}
    with collect.changing(collection.folder, collect.Hand("张三", "已核实")) as change:
        standing = collection.standing("甲局")
        assert standing.last
        assert standing.last.submission == receipt.submission
        change.accept(standing.last, (standing.unit.id, standing.year))
        with pytest.raises(collect.BusyError), collect.changing(collection.folder, hand):
            pass
    assert collection.standing("甲局").state is collect.State.ACCEPTED
    with pytest.raises(collect.NoCollectionError):
        collect.Collection.find(tmp_path)


def test_to_import_it_is_cheap() -> None:
    script = "import sys; from workbook import collect; print('sqlite3' in sys.modules, 'openpyxl' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert done.stdout.split() == ["False", "False"]
