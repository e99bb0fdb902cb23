"""The command that publishes, what folders make of its files, and verify over folders and with a code from paper."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from cases import of_office, sound, totalled
from command import Run
from command import nianbao as command
from workbooks import workbook_of
from years import last_of

import workbook
from workbook.exits import FAULTY, MISUSE, SOUND, UNREADABLE
from workbook.publish import job
from workbook.publish.code import check_code
from workbook.report import Unreadable

NAME = "{0}{1}年政府信息公开工作年度报告"


def nianbao(*arguments: str | Path) -> Run:
    """Run the command; every path here is whole."""
    return command(*arguments, cwd=Path.cwd())


def _stem(report: workbook.Report) -> str:
    return NAME.format(report.body.name, report.year)


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """Return a folder of the reports of three offices."""
    folder = tmp_path / "报送"
    folder.mkdir()
    for name in ("甲市教育局", "乙市公安局", "丙市财政局"):
        (folder / f"{name}.json").write_bytes(workbook.to_json(of_office(name)))
    return folder


def test_the_usual_forms_are_written_and_say_the_same(tmp_path: Path) -> None:
    book = tmp_path / "年报.xlsx"
    book.write_bytes(workbook_of(sound("2021")))
    done = nianbao("publish", book, "-o", tmp_path / "发布", "--date", " ２０２５-1-20")
    assert done.code == SOUND, done.err
    stem = _stem(sound("2021"))
    names = {path.name for path in (tmp_path / "发布").iterdir()}
    assert names == {f"{stem}{ending}" for ending in (".docx", ".html", "-片段.html", ".txt")}
    assert "2025年1月20日" in (tmp_path / "发布" / f"{stem}.html").read_text("utf-8")
    for path in (tmp_path / "发布").iterdir():
        assert nianbao("verify", path, "--against", book).code == SOUND, path


def test_a_report_with_errors_is_published_as_a_draft_only(tmp_path: Path) -> None:
    wrong = tmp_path / "a.xlsx"
    wrong.write_bytes(workbook_of(sound("2021").with_cells({"applications.received.total": 99_999})))
    done = nianbao("publish", wrong, "-o", tmp_path / "out")
    assert done.code == FAULTY
    assert "--draft" in done.err
    assert not (tmp_path / "out").exists()
    assert nianbao("publish", wrong, "-o", tmp_path / "out", "--draft").code == FAULTY
    pages = list((tmp_path / "out").glob("*报告.html"))
    assert pages
    assert all('class="draft">草稿' in page.read_text("utf-8") for page in pages)


def test_nothing_is_overwritten_without_force(tmp_path: Path) -> None:
    book = tmp_path / "a.xlsx"
    book.write_bytes(workbook_of(sound("2021")))
    args = ("publish", book, "-o", tmp_path, "--form", "text,page")
    assert nianbao(*args).code == SOUND
    page = tmp_path / f"{_stem(sound('2021'))}.html"
    page.write_text("mine", "utf-8")
    done = nianbao(*args)
    assert done.code == MISUSE
    assert "--force" in done.err
    assert page.read_text("utf-8") == "mine"
    assert nianbao(*args, "--force").code == SOUND
    assert page.read_text("utf-8") != "mine"


def test_an_input_is_never_overwritten(tmp_path: Path) -> None:
    text = tmp_path / f"{_stem(sound('2021'))}.json"
    text.write_bytes(workbook.to_json(sound("2021")))
    before = text.read_bytes()
    assert nianbao("publish", text, "-o", tmp_path, "--form", "data", "--force").code == MISUSE
    assert text.read_bytes() == before


def test_what_was_published_into_a_folder_of_inputs_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(workbook.to_json(sound("2021")))
    args = ("publish", tmp_path, "-o", tmp_path, "--form", "page,text,word")
    assert nianbao(*args).code == SOUND
    page = tmp_path / f"{_stem(sound('2021'))}.html"
    before = page.read_bytes()
    page.write_bytes(before + "<!-- 旧 -->".encode())
    assert nianbao(*args).code == MISUSE
    assert nianbao(*args, "--force").code == SOUND
    assert page.read_bytes() == before
    assert nianbao("publish", page, "-o", tmp_path, "--form", "page", "--force").code == MISUSE  # it was named
    assert page.read_bytes() == before


def test_data_and_charts_in_a_folder_of_inputs_are_made_anew(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(workbook.to_json(sound("2021")))
    args = ("publish", tmp_path, "-o", tmp_path, "--form", "data,charts")
    assert nianbao(*args).code == SOUND
    files = {path: path.read_bytes() for path in tmp_path.glob("*报告*")}
    assert len(files) == 6
    assert nianbao(*args).code == MISUSE
    done = nianbao(*args, "--force")
    assert done.code == SOUND, done.err
    assert {path: path.read_bytes() for path in tmp_path.glob("*报告*")} == files


def test_a_page_of_a_website_with_the_fragment_in_it_is_a_report(tmp_path: Path) -> None:
    site, sent = tmp_path / "网站", tmp_path / "报送"
    site.mkdir()
    sent.mkdir()
    (sent / "a.json").write_bytes(workbook.to_json(sound("2021")))
    assert nianbao("publish", sent, "-o", tmp_path / "out", "--form", "fragment").code == SOUND
    (fragment,) = (path.read_text("utf-8-sig") for path in (tmp_path / "out").iterdir())
    head = "<html><head><title>站</title></head><body><p>首页 &gt; 政务公开</p><p>甲市办公室</p><p>通知</p>"
    (site / "页.html").write_text(f"{head}{fragment}<p>版权所有</p></body></html>", "utf-8")
    (found,) = json.loads(nianbao("check", site, "--format", "json").out)
    assert (found["body"], found["year"], found["findings"]) == (sound("2021").body.name, sound("2021").year, [])
    assert nianbao("verify", site, "--against", sent).code == SOUND


def test_a_base_that_does_not_fit_is_not_cured_by_a_draft(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(workbook.to_json(sound("2021")))
    done = nianbao("publish", tmp_path / "a.json", "-o", tmp_path, "--form", "word", "--base", tmp_path / "a.json")
    assert done.code == MISUSE
    assert "file.base_unfit" in done.err
    assert "--draft" not in done.err
    assert (
        nianbao(
            "publish", tmp_path / "a.json", "-o", tmp_path / "out", "--form", "text", "--base", tmp_path / "a.json"
        ).code
        == SOUND
    )


def test_two_reports_never_take_one_name(tmp_path: Path) -> None:
    one, two = tmp_path / "a.json", tmp_path / "b.json"
    one.write_bytes(workbook.to_json(sound("2021")))
    other = replace(sound("2021"), narrative={**sound("2021").narrative, "other": "另有一项需要说明的情况。"})
    two.write_bytes(workbook.to_json(other))
    assert nianbao("publish", one, two, "-o", tmp_path / "out", "--form", "page").code == SOUND
    stem = _stem(sound("2021"))
    assert {path.name for path in (tmp_path / "out").iterdir()} == {f"{stem}.html", f"{stem}-2.html"}


def test_what_cannot_be_asked_for(tmp_path: Path) -> None:
    book = tmp_path / "a.json"
    book.write_bytes(workbook.to_json(sound("2021")))
    days = (["--date", day] for day in ("2025-13-01", "2026-02-30", "0001-01-01", "9999-12-31", "", "20260120"))
    for more in (["--form", "ofd"], ["--form", ","], ["--form", ""], *days):
        assert nianbao("publish", book, "-o", tmp_path / "out", *more).code == MISUSE, more
    assert nianbao("publish", book, "-o", tmp_path / "out", "--base", tmp_path / "none.docx").code == UNREADABLE
    (tmp_path / "a.css").write_text("</style>", "utf-8")
    done = nianbao("publish", book, "-o", tmp_path / "out", "--style", tmp_path / "a.css")
    assert done.code == MISUSE
    assert "file.style_unfit" in done.err
    assert not (tmp_path / "out").exists()


def test_last_years_numbers_stand_beside(tmp_path: Path) -> None:
    book, last = tmp_path / "a.json", tmp_path / "last.json"
    year = sound("2021").year
    assert year
    book.write_bytes(workbook.to_json(sound("2021")))
    before = totalled(replace(sound("2021"), year=year - 1))
    last.write_bytes(workbook.to_json(before))
    done = nianbao(
        "publish", book, "-o", tmp_path / "out", "--form", "data,charts,proof", "--previous", last, "--draft"
    )
    assert done.code in {SOUND, FAULTY}
    csv = next((tmp_path / "out").glob("*.csv")).read_text("utf-8-sig")
    assert csv.splitlines()[0].endswith("上年数值")
    assert "上年" in next((tmp_path / "out").glob("*results.svg")).read_text("utf-8")


def test_numbers_and_charts_of_the_years_before_go_behind_on_request(tmp_path: Path) -> None:
    year = sound("2021").year
    assert year
    book, past = tmp_path / "a.json", tmp_path / "往年"
    past.mkdir()
    book.write_bytes(workbook.to_json(sound("2021")))
    before = last_of(sound("2021"))
    (past / "去年.json").write_bytes(workbook.to_json(before))
    (past / "前年.xlsx").write_bytes(workbook_of(replace(sound("2019"), year=year - 2)))
    args = ("publish", book, "--previous", past, "--form", "word,page,fragment,text,pdf,data,charts")
    done = nianbao(*args, "--with", "last-year，charts", "-o", tmp_path / "out")
    assert done.code == SOUND, done.err
    page = next((tmp_path / "out").glob("*报告.html")).read_text("utf-8")
    assert f"附：{year}年与{year - 1}年数据对照" in page
    assert page.count('role="img"') == 3
    assert "前年" in next((tmp_path / "out").glob("*图-years.svg")).read_text("utf-8")
    assert "前年" not in next((tmp_path / "out").glob("*图-results.svg")).read_text("utf-8")
    files = [path for path in (tmp_path / "out").iterdir() if path.suffix != ".svg"]
    assert len(files) == 8
    for path in files:
        assert nianbao("verify", path, "--against", book).code == SOUND, path
    # In a folder they are results of the kit as ever.
    (tmp_path / "out" / "x.json").write_bytes(book.read_bytes())
    skipped = nianbao("check", tmp_path / "out", "--format", "json").err
    assert skipped.count("skipped.result") >= 7, skipped


def test_of_one_report_named_there_is_no_year_before_it(tmp_path: Path) -> None:
    book, last = tmp_path / "a.json", tmp_path / "last.json"
    book.write_bytes(workbook.to_json(sound("2021")))
    last.write_bytes(workbook.to_json(replace(sound("2021"), year=(sound("2021").year or 0) - 1)))
    nianbao("publish", book, "-o", tmp_path / "out", "--form", "charts", "--previous", last, "--draft")
    chart = next((tmp_path / "out").glob("*图-years.svg")).read_text("utf-8")
    assert "上年" in chart
    assert "前年" not in chart


def test_what_cannot_go_behind(tmp_path: Path) -> None:
    book = tmp_path / "a.json"
    book.write_bytes(workbook.to_json(sound("2021")))
    for more in (["--with", "last-year"], ["--with", "next-year"], ["--with", " , "]):
        done = nianbao("publish", book, "-o", tmp_path / "out", *more)
        assert done.code == MISUSE, more
        assert "--with" in done.err or "last-year" in done.err
    assert not (tmp_path / "out").exists()
    assert nianbao("publish", book, "-o", tmp_path / "out", "--form", "page", "--with", "charts").code == SOUND


def test_the_base_document_is_written_and_taken(tmp_path: Path) -> None:
    base, book = tmp_path / "底稿.docx", tmp_path / "a.json"
    assert nianbao("template", "--word", "-o", base).code == SOUND
    book.write_bytes(workbook.to_json(sound("2021")))
    done = nianbao("publish", book, "-o", tmp_path / "out", "--form", "word", "--base", base)
    assert done.code == SOUND, done.err
    (made,) = (tmp_path / "out").iterdir()
    assert nianbao("verify", made, "--against", book).code == SOUND


def test_a_folder_knows_what_was_published_and_a_name_reads_it(tmp_path: Path) -> None:
    book = tmp_path / "a.json"
    book.write_bytes(workbook.to_json(sound("2021")))
    assert nianbao("publish", book, "-o", tmp_path / "out", "--form", "all").code == SOUND
    files = list((tmp_path / "out").iterdir())
    done = nianbao("check", tmp_path / "out", "--format", "json")
    assert done.err.count("skipped.result") == len(files)
    for path in files:
        if "校对单" not in path.name and path.suffix != ".svg":
            found = json.loads(nianbao("check", path, "--format", "json").out)
            assert found[0]["body"] == sound("2021").body.name, path


# ---- verify ---------------------------------------------------------------------------------------------------------


def test_a_folder_is_verified_beside_a_folder(sent: Path, tmp_path: Path) -> None:
    published = tmp_path / "公布"
    assert nianbao("publish", sent, "-o", published, "--form", "word,page,text,data").code == SOUND
    done = nianbao("verify", published, "--against", sent)
    assert done.code == SOUND, done.out.decode() + done.err

    stems = {name: NAME.format(name, sound("2021").year) for name in ("甲市教育局", "乙市公安局", "丙市财政局")}
    page = published / f"{stems['甲市教育局']}.html"
    page.write_text(page.read_text("utf-8").replace("甲市教育局", "丁市教育局"), "utf-8")
    for path in published.glob(f"{stems['丙市财政局']}*"):
        path.unlink()
    done = nianbao("verify", published, "--against", sent, "--format", "json")
    assert done.code == FAULTY
    codes = [finding["code"] for result in json.loads(done.out) for finding in result["findings"]]
    assert sorted(codes) == ["differs.absent", "differs.unmatched"]


def test_two_reports_of_an_office_that_differ_are_not_chosen_from(sent: Path, tmp_path: Path) -> None:
    published = tmp_path / "公布"
    assert nianbao("publish", sent / "甲市教育局.json", "-o", published, "--form", "page").code == SOUND
    other = totalled(of_office("甲市教育局").with_cells({"documents.rules.in_force": 77}))
    (sent / "改.json").write_bytes(workbook.to_json(other))
    done = nianbao("verify", published, "--against", sent, "--format", "json")
    codes = [finding["code"] for result in json.loads(done.out) for finding in result["findings"]]
    assert sorted(codes) == ["differs.absent", "differs.absent", "differs.ambiguous"]


@pytest.mark.parametrize("form", ["text", "json", "csv", "sarif", "junit", "xlsx", "html"])
def test_folders_are_told_in_every_format(sent: Path, tmp_path: Path, form: str) -> None:
    published = tmp_path / "公布"
    assert nianbao("publish", sent / "甲市教育局.json", "-o", published, "--form", "page").code == SOUND
    ending = {"text": "txt", "sarif": "sarif", "junit": "xml"}.get(form, form)
    done = nianbao("verify", published, "--against", sent, "--format", form, "-o", tmp_path / f"out.{ending}")
    assert done.code == FAULTY, done.err
    assert (tmp_path / f"out.{ending}").stat().st_size


def test_a_code_from_paper(sent: Path) -> None:
    code = check_code(of_office("甲市教育局"))
    file = sent / "甲市教育局.json"
    for typed in (
        code,
        code.replace(" ", ""),
        code.replace(" ", "-"),
        code.translate({48 + n: 0xFF10 + n for n in range(10)}),
    ):
        assert nianbao("verify", "--code", typed, "--against", file).code == SOUND, typed
    wrong = f"{(int(code[0]) + 1) % 10}{code[1:]}"
    done = nianbao("verify", "--code", wrong, "--against", file)
    assert done.code == FAULTY
    assert "differs.code" in done.out.decode()
    for bad in ("1234", "abcd efgh ijkl mnop"):
        assert nianbao("verify", "--code", bad, "--against", file).code == MISUSE
    assert nianbao("verify", "--against", file).code == MISUSE
    assert nianbao("verify", file, "--code", code, "--against", file).code == MISUSE
    assert nianbao("verify", "--code", code, "--against", sent / "none.json").code == UNREADABLE


@pytest.mark.parametrize("missing", ["docx", "lxml"])
def test_without_the_libraries_of_word_that_is_told_and_the_others_are_made(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "find_spec", lambda name: None if name == missing else find_spec(name))
    made, refused = job.publish(sound("2021"))
    assert [finding.code for finding in refused] == ["file.word_needs_library"]
    assert "pip install" in refused[0].hint()
    assert set(made) == {"page", "fragment", "text"}
    with pytest.raises(Unreadable):
        job.vet_word()
    monkeypatch.undo()
    job.vet_word()
