"""A cluster takes in what one machine takes in: the same store, and also where it does not see the collection."""

from __future__ import annotations

import shutil
from pathlib import Path

import clusters
from collected import FEBRUARY, Desk, originals, tables
from mailbag import YEAR

from workbook.collect.incoming import Original, Piece
from workbook.collect.reading import read_piece
from workbook.collect.store import Store
from workbook.collect.submitted import PriorYears
from workbook.jobs.result import Options


def test_a_cluster_fills_the_same_store(last_year: Desk, place: Path, tmp_path: Path) -> None:
    desks = []
    with clusters.Cluster(tmp_path / "cluster") as started:
        for name, more in (("here", ()), ("there", ("--cluster", started.address))):
            desk = Desk(tmp_path / name, FEBRUARY)
            assert desk("init", last_year.folder, "-o", desk.folder, "--year", YEAR).code == 0
            desks.append((desk, desk("add", place / "来件", *more)))
    (here, one), (there, other) = desks
    assert (one.code, one.out, one.err) == (other.code, other.out, other.err)
    assert tables(here.folder) == tables(there.folder)
    assert originals(here.folder) == originals(there.folder)


def test_what_is_carried_is_what_is_there(last_year: Desk, place: Path, tmp_path: Path) -> None:
    """A piece with its bytes, beside last year's reports in a snapshot, is read as the piece beside the store."""
    desk = Desk(tmp_path / "收报", FEBRUARY)
    assert desk("init", last_year.folder, "-o", desk.folder, "--year", YEAR).code == 0
    desk("add", place / "来件")
    prior = PriorYears(str(desk.folder))
    carried = prior.carried()
    store = Store(desk.folder)
    rows = store.rows(
        "SELECT submission.id, submission.file, submission.part, received.digest, received.ending FROM submission"
        " JOIN received ON received.id = submission.received WHERE received.erased IS NULL"
    )
    pieces = [
        Piece(
            Path(row["file"]),
            Original(store.original(row["digest"], row["ending"]), row["file"], row["digest"], row["ending"], 0),
            row["part"],
        )
        for row in rows
    ]
    here = [read_piece(piece, Options(previous=prior)) for piece in pieces]  # type: ignore[arg-type]
    packed = [piece.loaded() for piece in pieces]
    store.close()
    shutil.rmtree(desk.folder)
    assert len(pieces) > 40
    assert [read_piece(piece, Options(previous=carried)) for piece in packed] == here  # type: ignore[arg-type]
