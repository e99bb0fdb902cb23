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
    """Also where a worker, which runs in another folder, has no path to the collection: then it is sent the bytes."""
    runs, told = {}, []
    with clusters.Cluster(tmp_path / "cluster") as started:
        cluster = ("--cluster", started.address)
        for folder, more in ((tmp_path / "here", ()), (tmp_path / "there", cluster), (Path("unseen"), cluster)):
            desk = Desk(folder, FEBRUARY)
            assert desk("init", last_year.folder, "-o", folder, "--year", YEAR, cwd=tmp_path).code == 0
            run = desk("add", place / "来件", *more, cwd=tmp_path)
            told.append((run.code, run.out, run.err))
            runs[folder.name] = tmp_path / folder
        assert not (started.place / "unseen").exists()
    assert told[1:] == told[:1] * 2
    assert tables(runs["there"]) == tables(runs["unseen"]) == tables(runs["here"])
    assert originals(runs["there"]) == originals(runs["unseen"]) == originals(runs["here"])


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
