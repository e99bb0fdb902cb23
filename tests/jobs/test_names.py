"""Names of what is written: the same on every system, fit for all, and no two that one of them takes for one."""

from __future__ import annotations

import ntpath
import sys
from dataclasses import replace
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest
from cases import of_office
from command import nianbao
from hypothesis import example, given
from hypothesis import strategies as st
from workbooks import workbook_of

import workbook
from workbook.exits import MISUSE, SOUND
from workbook.jobs.names import LONGEST, alike, fitting, is_fit
from workbook.jobs.result import Options, Task
from workbook.jobs.search import Found, search
from workbook.jobs.targets import page_folder, with_targets, would_harm

if TYPE_CHECKING:
    from collections.abc import Iterable

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
_REFUSED = '<>:"/\\|?*' + "".join(map(chr, range(32)))
_DEVICES = ["con", "PRN", "Aux", "nul", "com1", "COM9", "com¹", "LPT³", "lpt1", "conin$", "CONOUT$"]
_ODD = ["con ", "a.", "a ", ". ", "é", "e\u0301", "É", "ß", "ss", "㎏", "\udcff", "长" * 90, "长" * 89 + ".", "a" * 300]
NAMES = st.one_of(
    st.sampled_from(_DEVICES),
    st.sampled_from(_ODD),
    st.text("aAée\u0301 .:", min_size=1, max_size=4),
    st.text(min_size=1, max_size=8),
    st.builds("{}{}{}".format, st.sampled_from(_DEVICES), st.sampled_from(["", " ", ".", ".x"]), st.text(max_size=3)),
)


def _is_refused(name: str) -> bool:
    """Say whether Windows refuses a name, as the standard library knows it."""
    known = getattr(ntpath, "isreserved", None) or (lambda name: PureWindowsPath(name).is_reserved())
    return known(name) or name[-1:] in {" ", "."} or not set(_REFUSED).isdisjoint(name)


@given(NAMES)
def test_a_name_that_is_fit_is_one_that_windows_takes(name: str) -> None:
    assert not (is_fit(name) and _is_refused(name))


@given(NAMES, st.sampled_from(["", ".json", "-校验.xlsx", "-2.html"]))
@example("con" + " " * 300 + "x", ".json")
@example("con." + "x" * 300, "")
@example(" . ", "")
def test_a_fitting_name_is_fit_and_stays(name: str, ending: str) -> None:
    found = fitting(name, ending)
    assert is_fit(found)
    assert not _is_refused(found)
    assert len(found.encode()) <= LONGEST
    assert found.endswith(ending)
    assert fitting(found) == found
    assert found == name + ending or not is_fit(name + ending)


@pytest.mark.parametrize(
    "name", ["年报.json", "a b.json", "concord.json", "com10.json", "com0", "a.con", "x" * LONGEST]
)
def test_names_that_are_fit_are_left(name: str) -> None:
    assert is_fit(name)
    assert fitting(name) == name


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("con.json", "con_.json"),
        ("NUL", "NUL_"),
        ("com¹ .tar.gz", "com¹_ .tar.gz"),
        ("a:b?.json", "a_b_.json"),
        ("a. .", "a"),
        ("..", "_"),
        ("a\n\udcff", "a__"),
    ],
)
def test_names_that_are_not_fit(name: str, found: str) -> None:
    assert not is_fit(name)
    assert fitting(name) == found


@pytest.mark.parametrize(
    ("one", "other"),
    [("a.JSON", "A.json"), ("é", "e\u0301"), ("É", "e\u0301"), ("ß", "SS"), ("ᾳ\u0327", "Α\u0327\u0399")],
)
def test_twins(one: str, other: str) -> None:
    assert alike(one) == alike(other)
    assert alike(one) != alike(f"{other}x")


def _twin(name: str) -> str:
    return normalize("NFC", normalize("NFC", name).casefold())


@given(
    st.lists(st.tuples(st.lists(NAMES, max_size=2), NAMES, st.sampled_from([".xlsx", ".json", ".XLSX"])), max_size=12),
    st.sampled_from([None, Path("in")]),
    st.sampled_from([".json", "-校验.xlsx"]),
)
def test_outputs_are_fit_different_everywhere_and_the_same_every_time(
    files: Iterable[tuple[list[str], str, str]], root: Path | None, suffix: str
) -> None:
    output = Path("out")
    sources = [
        Path("in").joinpath(*(part.replace("/", "_") for part in (*folders, f"{name}{ending}")))
        for folders, name, ending in files
    ]
    sources = [path for path in dict.fromkeys(sources) if ".." not in path.parts and "\0" not in str(path)]
    found = Found([Task(path, root=root) for path in sources], is_one=False)
    first = with_targets(found, output, suffix).tasks
    places = [task.to for task in first if task.to]
    assert len({_twin(str(place)) for place in places}) == len(sources)
    assert not {_twin(str(place)) for place in places} & {_twin(str(place.parent)) for place in places}
    assert all(is_fit(part) for place in places for part in place.relative_to(output).parts)
    assert with_targets(found, output, suffix).tasks == first
    for task in first:
        plain = f"{task.source.stem}{suffix}"
        assert task.to
        assert (
            task.instead_of or task.to.name in {plain, f"{task.source.name}{suffix}"} or task.to.name.endswith(suffix)
        )
        assert is_fit(plain) or task.instead_of


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A folder of reports whose names Windows or macOS does not take, or takes for one."""
    names = ["con.xlsx", "a:b.xlsx", "é.xlsx", "e\u0301.xlsx", "É.xlsx", "aux/丙.xlsx"]
    for number, name in enumerate(names):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(workbook_of(of_office(f"{number}号局")))
    return tmp_path


@POSIX
def test_what_is_named_from_inputs_is_renamed_with_a_word(odd: Path) -> None:
    run = nianbao("convert", "in", "-o", "out", cwd=odd)
    assert run.code == SOUND, run.err
    made = {path.relative_to(odd / "out").as_posix() for path in (odd / "out").rglob("*.json")}
    assert len(made) == len({_twin(name) for name in made}) == 6
    assert {"con_.json", "a_b.json", "aux_/丙.json"} <= made
    assert run.err.count("〔file.renamed〕") == 5
    assert "没有错误" in run.err
    again = nianbao("convert", "in", "-o", "out", "--resume", cwd=odd)
    assert again.err.count("〔skipped.current〕") == 6, again.err


@POSIX
def test_results_beside_their_inputs_are_known_by_their_new_names(odd: Path) -> None:
    (odd / "in" / "É.xlsx").unlink()
    first = nianbao("convert", "in", cwd=odd)
    files = sorted((odd / "in").rglob("*"))
    again = nianbao("convert", "in", "--force", cwd=odd)
    assert (first.code, again.code) == (SOUND, SOUND)
    assert sorted((odd / "in").rglob("*")) == files
    assert again.err.count("〔skipped.made_from〕") == 5


@POSIX
@pytest.mark.parametrize("command", ["mark", "repair"])
def test_copies_have_fitting_names(odd: Path, command: str) -> None:
    run = nianbao(command, "in/a:b.xlsx", cwd=odd)
    assert run.code == SOUND, run.err
    assert (odd / "in" / f"a_b-{'校验' if command == 'mark' else '修复'}.xlsx").is_file()
    assert "〔file.renamed〕" in run.err


@POSIX
def test_pages_have_fitting_names(odd: Path) -> None:
    run = nianbao("check", "in", "-o", "网页 .html", cwd=odd)
    assert run.code == SOUND
    pages = {path.relative_to(odd / "网页").as_posix() for path in (odd / "网页").rglob("*.html")}
    assert len(pages) == 6
    assert {"con_.html", "aux_/丙.html"} <= pages
    assert run.err.count("〔file.renamed〕") == 5
    index = (odd / "网页 .html").read_text(encoding="utf-8")
    assert "con_.html" in index


def test_pages_keep_clear_of_a_folder_whose_name_is_a_twin(tmp_path: Path) -> None:
    tasks = [Task(tmp_path / "Bao" / "甲.xlsx", root=tmp_path / "Bao")]
    assert page_folder(tmp_path / "bao.html", tasks) == tmp_path / "bao-网页"
    assert page_folder(tmp_path / "con..html", tasks) == tmp_path / "con_"


def test_twins_are_two_inputs_and_never_written_over(tmp_path: Path) -> None:
    names = ["é.json", "e\u0301.json"]
    for number, name in enumerate(names):
        (tmp_path / name).write_bytes(workbook.to_json(of_office(f"{number}号局")))
    if len(list(tmp_path.iterdir())) < len(names):
        pytest.skip("this system takes the two for one")
    assert {task.source.name for task in search([tmp_path]).tasks} == set(names)
    assert would_harm(tmp_path / "É.JSON", [tmp_path / "é.json"])
    assert not would_harm(tmp_path / "è.json", [tmp_path / "é.json"])


USER_NAMED = [
    ("convert", "r.json", "-o", "con.json"),
    ("convert", "r.json", "-o", "新/aux/x.json"),
    ("convert", "r.json", "-o", "NUL.jsonl"),
    ("convert", "r.json", "-o", f"{'长' * 82}aa.jsonl"),
    ("fill", "r.json", "-o", "com1 .xlsx"),
    ("fill", "r.json", "-o", "夹."),
    ("mark", "r.json", "-o", 'a"b.xlsx'),
    ("check", "r.json", "-o", "a?.html"),
    ("check", "r.json", "--format", "json", "-o", "a\n.json"),
    ("import", "r.json", "-o", "prn.xlsx"),
    ("repair", "r.json", "-o", "lpt³.xlsx"),
    ("template", "-o", "a:b.xlsx"),
    ("schema", "-o", f"{'长' * 90}.json"),
    ("verify", "r.json", "--against", "r.json", "-o", "conin$.json"),
    ("demo", "-o", "nul"),
    ("addin", "build", "-o", "con.xlam"),
    ("addin", "bundle", "aux"),
    ("addin", "install", "--to", "aux"),
]


@pytest.mark.parametrize("arguments", USER_NAMED, ids=lambda arguments: arguments[0])
def test_what_the_user_names_is_refused_in_a_sentence(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "r.json").write_bytes(workbook.to_json(of_office("甲局")))
    run = nianbao(*arguments, cwd=tmp_path)
    assert run.code == MISUSE
    assert "名字" in run.err
    assert [path.name for path in tmp_path.iterdir()] == ["r.json"]


@POSIX
def test_a_folder_that_is_there_may_be_called_anything(tmp_path: Path) -> None:
    (tmp_path / "aux").mkdir()
    (tmp_path / "r.json").write_bytes(workbook.to_json(of_office("甲局")))
    assert nianbao("convert", "r.json", "-o", "aux/x.json", cwd=tmp_path).code == SOUND
    assert nianbao("convert", "r.json", "-o", "aux", cwd=tmp_path).code == SOUND
    assert nianbao("convert", "r.json", "-o", "./-.json", cwd=tmp_path).code == SOUND
    assert nianbao("convert", "r.json", "-o", "-", cwd=tmp_path).code == SOUND


def test_a_rename_is_told_with_both_names_and_changes_nothing(tmp_path: Path) -> None:
    from workbook.jobs.deliver import deliver
    from workbook.jobs.result import Result

    task = Task(tmp_path / "con", tmp_path / "con_.json", instead_of=tmp_path / "con.json")
    told = deliver(task, Result("con", SOUND, data=b"{}"), Options(strict=True))
    assert [(found["code"], found["level"]) for found in told.findings] == [("file.renamed", "info")]
    assert all(name in told.findings[0]["message"] for name in ("“con.json”", "“con_.json”"))
    assert told.exit_code == SOUND
    assert not deliver(replace(task, instead_of=None), Result("con", SOUND, data=b"{}"), Options(force=True)).findings
