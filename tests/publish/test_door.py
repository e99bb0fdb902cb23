"""``workbook.publish``: the package is the verb, in whatever order its modules are imported; what it takes."""

from __future__ import annotations

import datetime as dt
import inspect
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from cases import of_office, sound

import workbook
from workbook.publish.names import FORMS, USUAL, UnknownFormError
from workbook.report import Body, Unreadable

STEM = "甲局2024年政府信息公开工作年度报告"
DRAFT = "草稿"
ENDINGS = {".docx", ".html", "-片段.html", ".txt"}

FIRST_CALLED = """
import sys, workbook
assert not [name for name in sys.modules if name.startswith("workbook.publish")]
verb = workbook.publish
assert not {"docx", "lxml", "jinja2", "typst", "openpyxl"} & sys.modules.keys()
assert callable(verb)
import workbook.publish.job
assert workbook.publish is verb
"""
FIRST_IMPORTED = """
import workbook.publish.job
import workbook
verb = workbook.publish
"""
FROM = "from workbook.publish.job import Publishing\nimport workbook\nverb = workbook.publish\n"
FROM_DOOR = "from workbook import publish as verb\nimport workbook\n"
FROM_ROOM = "from workbook.publish import publish as verb\nimport workbook\n"
AFTER = """
import pickle, sys
import workbook.publish.job as job, workbook.publish.names
from workbook.publish import names
assert verb is workbook.publish is sys.modules["workbook.publish"]
assert workbook.publish.job is job and workbook.publish.names is names
assert pickle.loads(pickle.dumps(job.publish_file)) is job.publish_file
assert pickle.loads(pickle.dumps(workbook.publish.job.Publishing())) == job.Publishing()
report = workbook.read(sys.argv[1])
(made,) = workbook.publish(report, "text").values()
assert made.decode("utf-8-sig").startswith("甲局"), made[:40]
assert "publish" in workbook.__all__ and "publish" in dir(workbook)
"""


@pytest.mark.parametrize("before", [FIRST_CALLED, FIRST_IMPORTED, FROM, FROM_DOOR, FROM_ROOM])
def test_verb_and_room_are_one_in_whatever_order_they_are_used(before: str, tmp_path: Path) -> None:
    (tmp_path / "甲局.json").write_bytes(workbook.to_json(of_office("甲局")))
    command = [sys.executable, "-c", before + AFTER, str(tmp_path / "甲局.json")]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_type_checkers_know_it(tmp_path: Path) -> None:
    from mypy import api

    code = tmp_path / "x.py"
    code.write_text(
        "import workbook\nimport workbook.publish.job\n\n"
        "def f(report: workbook.Report) -> dict[str, bytes]:\n"
        "    workbook.publish.job.publish_file\n"
        "    return workbook.publish(report, ('word',), draft=True, base='底稿.docx')\n"
        "workbook.publish(3)\n",
        encoding="utf-8",
    )
    told, _, code_of = api.run([str(code), "--no-incremental", "--cache-dir", str(tmp_path / "cache")])
    assert code_of == 1, told
    assert next(line for line in told.splitlines() if "error" in line).startswith(f"{code}:7")
    assert "Found 1 error" in told


def test_what_it_takes_is_told() -> None:
    assert list(inspect.signature(workbook.publish).parameters) == [
        "report", "forms", "previous", "draft", "date", "base", "style", "behind",
    ]  # fmt: skip
    assert "NotPublished" in str(inspect.getdoc(type(workbook.publish).__call__))


def test_the_usual_forms_come_by_name_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = workbook.publish(of_office("甲局"))
    assert set(files) == {f"{STEM}{ending}" for ending in ENDINGS}
    assert all(isinstance(data, bytes) and data for data in files.values())
    assert list(tmp_path.iterdir()) == []
    for name, data in files.items():
        assert not [f for f in workbook.compare(workbook.parse(data, name), of_office("甲局")) if f.level == "error"]


@pytest.mark.parametrize("forms", ["all", ["all", "word"], ",".join(FORMS), FORMS])
def test_all_forms(forms: str | list[str] | tuple[str, ...]) -> None:
    files = workbook.publish(of_office("甲局"), forms)
    assert len(files) == len(set(files)) >= len(FORMS) + 2
    assert {".pdf", ".csv", ".svg"} <= {Path(name).suffix for name in files}


def test_forms_are_given_as_a_text_or_one_by_one() -> None:
    assert list(workbook.publish(of_office("甲局"), " text，page ")) == [f"{STEM}.txt", f"{STEM}.html"]
    assert list(workbook.publish(of_office("甲局"), (form for form in ["text"]))) == [f"{STEM}.txt"]
    assert USUAL == ("word", "page", "fragment", "text")


@pytest.mark.parametrize("forms", ["ofd", ["word", "ofd"], "", []])
def test_a_form_that_is_not_there_is_no_form(forms: str | list[str]) -> None:
    with pytest.raises(UnknownFormError, match=r"there are word, page, .* all"):
        workbook.publish(of_office("甲局"), forms)


def test_a_report_with_errors_is_a_draft_or_none() -> None:
    wrong = of_office("甲局").with_cells({"applications.received.natural": 12, "services.licensing.decisions": None})
    with pytest.raises(workbook.NotPublished) as refused:
        workbook.publish(wrong)
    errors = [finding for finding in workbook.check(wrong) if finding.level == "error"]
    assert refused.value.findings == tuple(errors)
    assert errors[0].message("en") in str(refused.value)
    drafts = workbook.publish(wrong, draft=True)
    assert set(drafts) == {f"{STEM}{ending}" for ending in ENDINGS}
    assert all(DRAFT in drafts[f"{STEM}{ending}"].decode() for ending in (".html", "-片段.html", ".txt"))


def test_a_draft_of_a_sound_report_is_one_too() -> None:
    (data,) = workbook.publish(of_office("甲局"), "page", draft=True).values()
    assert DRAFT in data.decode()
    (final,) = workbook.publish(of_office("甲局"), "page").values()
    assert DRAFT not in final.decode().partition("<body")[2]


def test_last_years_report_is_checked_against_and_stands_beside() -> None:
    report = of_office("甲局")
    last = replace(report, year=2023).with_cells({"applications.carried_forward.natural": 77})
    with pytest.raises(workbook.NotPublished):  # the opening numbers are not those that last year closed with
        workbook.publish(report, "data", previous=last)
    text = workbook.publish(report, "data", previous=last, draft=True)[f"{STEM}.csv"].decode("utf-8-sig")
    assert text.startswith("年度,机关,表,行,列,键,数值,单位,上年数值")


@pytest.mark.parametrize("date", ["2026-01-20", "2026年1月20日", dt.date(2026, 1, 20)])
def test_the_day_is_a_date_or_a_text(date: str | dt.date) -> None:
    (data,) = workbook.publish(of_office("甲局"), "text", date=date).values()
    assert "2026年1月20日" in data.decode()


def test_what_is_no_day_is_refused() -> None:
    with pytest.raises(ValueError, match="明天 is no day"):
        workbook.publish(of_office("甲局"), date="明天")


def test_the_offices_own_document_and_style_are_files_or_bytes(tmp_path: Path) -> None:
    from workbook.publish.word.base import template

    base, style = tmp_path / "底稿.docx", tmp_path / "本局.css"
    base.write_bytes(template())
    style.write_text("body { color: navy; }", encoding="utf-8")
    report = of_office("甲局")
    by_path = workbook.publish(report, ("word", "page"), base=base, style=str(style))
    assert by_path == workbook.publish(report, ("word", "page"), base=base.read_bytes(), style=style.read_bytes())
    assert b"navy" in by_path[f"{STEM}.html"]
    with pytest.raises(Unreadable):
        workbook.publish(report, base=tmp_path / "没有.docx")
    with pytest.raises(workbook.NotPublished):
        workbook.publish(report, "word", base=b"PK\x03\x04 no document")
    with pytest.raises(workbook.NotPublished):
        workbook.publish(report, "page", style=b"@import url(https://example.org/a.css);")


def test_a_form_that_cannot_be_made_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbook.publish.job.find_spec", lambda _: None)
    with pytest.raises(workbook.NotPublished) as refused:
        workbook.publish(of_office("甲局"))
    assert [finding.code for finding in refused.value.findings] == ["file.word_needs_library"]


def test_a_report_without_name_or_file_has_names_all_the_same() -> None:
    nameless = replace(sound("2021"), body=Body(), source=None)
    assert list(workbook.publish(nameless, "text", draft=True)) == ["年报.txt"]
    hostile = replace(sound("2021"), body=Body(name="../甲/局:*?"))
    (name,) = workbook.publish(hostile, "text", draft=True)
    assert not set(name) & set('/\\:*?"<>|')


def test_what_is_put_behind_is_asked_for_by_name() -> None:
    report = sound("2021")
    last = replace(report, year=(report.year or 0) - 1)
    plain = workbook.publish(report, "text", previous=last, draft=True)
    both = workbook.publish(report, "text", previous=last, draft=True, behind=("last-year",))
    assert list(plain) == list(both)
    (one,), (other,) = plain.values(), both.values()
    assert "数据对照" not in one.decode()
    assert "数据对照" in other.decode()
    with pytest.raises(ValueError, match="behind"):
        workbook.publish(report, "text", behind=("everything",))
    with pytest.raises(ValueError, match="previous"):
        workbook.publish(report, "text", behind=("last-year",))
