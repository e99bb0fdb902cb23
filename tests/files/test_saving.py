"""Files that are written bit by bit are there whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook.files import saving


def test_what_is_written_bit_by_bit_is_moved_into_place(tmp_path: Path) -> None:
    to = tmp_path / "a.csv"
    with saving(to) as part:
        part.write_bytes(b"1")
        assert not to.exists()
    assert to.read_bytes() == b"1"
    assert list(tmp_path.iterdir()) == [to]


def test_a_file_that_is_there_stays_unless_it_is_to_be_replaced(tmp_path: Path) -> None:
    to = tmp_path / "a.csv"
    to.write_bytes(b"0")
    with pytest.raises(FileExistsError), saving(to):
        pytest.fail("nothing is to be written")
    with saving(to, force=True) as part:
        part.write_bytes(b"1")
    assert to.read_bytes() == b"1"


def test_a_file_that_appears_meanwhile_is_left_alone(tmp_path: Path) -> None:
    to = tmp_path / "a.csv"

    def write() -> None:
        with saving(to) as part:
            part.write_bytes(b"1")
            to.write_bytes(b"0")

    with pytest.raises(FileExistsError):
        write()
    assert to.read_bytes() == b"0"
    assert list(tmp_path.iterdir()) == [to]


@pytest.mark.parametrize("force", [False, True])
def test_what_fails_midway_leaves_nothing(tmp_path: Path, force: bool) -> None:  # noqa: FBT001
    to = tmp_path / "a.csv"
    if force:
        to.write_bytes(b"0")

    def write() -> None:
        with saving(to, force=force) as part:
            part.write_bytes(b"1")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"0"] * force


def test_the_place_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), saving(tmp_path / "no" / "a.csv") as part:
        part.write_bytes(b"1")
