"""Everything that is published comes back, drafts too: the same cells and texts, with nothing of the kit's in them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cases import EDITIONS, Case, sound
from hypothesis import given
from hypothesis import strategies as st
from publication import HARD_TEXTS, LONG_NAME, longest, with_texts
from published import PRINTED
from strategies import examples

import workbook
from workbook.publish.job import Publishing, publish
from workbook.publish.names import FORMS
from workbook.report import Report, tidy
from workbook.report.folding import folded

READ = {"word": ".docx", "page": ".html", "fragment": ".html", "text": ".txt", "csv": ".csv", "json": ".json"}
"""What is read back letter by letter or as ``verify`` compares it, with its ending."""
EXACT = ("word", "text", "csv", "json")
DATE = "2026年1月20日"
MOST = 10**15
"""Beyond it a document holds no number; such a report is never published but as a draft."""
NUMBERS = [
    case
    for case in PRINTED.values()
    if all(value is None or (not isinstance(value, str) and abs(value) < MOST) for value in case.report.cells.values())
]


def published(report: Report, form: str, *, draft: bool = False) -> bytes:
    """Return a report in a form, or in the part of the data that has that ending."""
    whole = form if form in FORMS else "data"
    files, refused = publish(report, Publishing((whole,), DATE), draft=draft, findings=())
    assert not refused
    return files[whole]["" if whole == form else form]


def read_back(report: Report, form: str, *, draft: bool = False) -> Report:
    return workbook.parse(published(report, form, draft=draft), f"公布{READ.get(form, f'.{form}')}")


def texts(report: Report, form: str) -> dict[str, str]:
    """Return the texts of a report as a form must give them back."""
    said = {key: tidy(text) or "" for key, text in report.narrative.items()}
    return said if form in EXACT else {key: folded(text) for key, text in said.items()}


@pytest.mark.parametrize("form", ["word", "json"])
@pytest.mark.parametrize("case", NUMBERS, ids=str)
def test_documents_hold_every_report(case: Case, form: str) -> None:
    back = read_back(case.report, form)
    assert back.cells == case.report.cells
    assert texts(back, form) == texts(case.report, form)
    assert (back.edition, back.year, back.body.name) == (case.edition, case.report.year, case.report.body.name)


@pytest.mark.parametrize("form", READ)
@pytest.mark.parametrize("text", HARD_TEXTS.values(), ids=HARD_TEXTS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_draft_says_so_in_none_of_its_texts(edition: str, text: str, form: str) -> None:
    report = with_texts(edition, text)
    back = read_back(report, form, draft=True)
    assert texts(back, form) == texts(report, form)
    assert back.cells == report.cells
    assert (back.year, back.body.name) == (report.year, report.body.name)


@pytest.mark.parametrize("draft", [False, True], ids=["final", "draft"])
@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("form", [*READ, "pdf", "xlsx"])
def test_office_and_year_come_back(form: str, edition: str, draft: bool) -> None:  # noqa: FBT001 - a case
    for report in (sound(edition), replace(longest(edition), cells=sound(edition).cells)):
        back = read_back(report, form, draft=draft)
        assert (back.body.name, back.year, back.cells) == (report.body.name, report.year, report.cells)
    assert back.body.name == LONG_NAME


LINES = st.text("一二三（）()1．.、，。<>&{}%#*=+-@|\\'\"公开 \t　年表A", min_size=1, max_size=30)


@given(lines=st.lists(LINES, min_size=1, max_size=5))
@examples(25)
def test_lines_that_look_like_numbers_and_markup_come_back(lines: list[str]) -> None:
    report = sound("2021")
    text = tidy("开头。\n" + "\n".join(lines) + "\n结尾。")
    report = replace(report, narrative={**report.narrative, "overview": text})
    for form in READ:
        assert texts(read_back(report, form), form) == texts(report, form), form
<<<<<<< HEAD


@pytest.mark.parametrize("form", [*READ, "pdf"])
def test_the_same_report_gives_the_same_bytes(form: str) -> None:
    assert published(sound("2021"), form) == published(sound("2021"), form)


def forged(page: bytes) -> bytes:
    """Return a page on which two digits of a number are exchanged."""
    text = page.decode()
    found = next(it for it in re.finditer(r">([1-9])([0-9])<", text) if it[1] != it[2])
    return f"{text[: found.start()]}>{found[2]}{found[1]}<{text[found.end() :]}".encode()


def without(page: bytes, path: str) -> bytes:
    tree = lxml.html.fromstring(page.decode())
    lost = tree.xpath(path)[0]
    lost.getparent().remove(lost)
    return bytes(lxml.html.tostring(tree, encoding="utf-8"))


@pytest.mark.parametrize("form", ["page", "fragment"])
def test_a_forged_page_differs_just_there(form: str) -> None:
    report = sound("2021")
    page = published(report, form)
    name = report.body.name or ""

    def found(data: bytes) -> list[str]:
        return [finding.code for finding in compare(workbook.parse(data, "公布.html"), report)]

    assert not found(page)
    assert found(forged(page)) == ["differs.cell"]
    paragraph = "//p[@data-nianbao and string-length(.) > 10]"
    assert set(found(without(page, paragraph))) <= {"differs.text", "differs.missing"}
    assert len(found(without(page, paragraph))) == 1
    assert "differs.year" in found(page.decode().replace("2024年政府", "2023年政府").encode())
    assert "differs.body" in found(page.decode().replace(name, "别的机关").encode())


@pytest.mark.parametrize("form", ["page", "fragment"])
def test_a_page_without_a_row_differs(form: str) -> None:
    row = "//tr[td][.//th[contains(., '予以公开')]]"
    data = without(published(sound("2021"), form), row)
    try:
        codes = {finding.code for finding in compare(workbook.parse(data, "公布.html"), sound("2021"))}
    except workbook.Unreadable as refusal:
        codes = {finding.code for finding in refusal.findings}
    assert codes
    assert all(code.startswith(("differs.", "file.")) for code in codes)


def stripped(fragment: bytes) -> str:
    """Return a fragment as an editor of a website leaves it: bare tags, paragraphs in the cells, no caption."""
    tree = lxml.html.fromstring(f"<div>{fragment.decode()}</div>")
    for element in tree.iter():
        for name in set(element.attrib) - {"colspan", "rowspan"}:
            del element.attrib[name]
    for caption in tree.xpath("//caption"):
        caption.getparent().remove(caption)
    for cell in tree.xpath("//th|//td"):
        cell.tag = "td"
        inner = lxml.html.Element("p")
        inner.set("class", "MsoNormal")
        inner.text, cell.text = cell.text, None
        cell.append(inner)
    return str(lxml.html.tostring(tree, encoding="unicode"))


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_fragment_outlives_an_editor_that_strips_it(edition: str) -> None:
    report = sound(edition)
    page = (
        f"<!DOCTYPE html><html><body><div class=nav>首页</div>{stripped(published(report, 'fragment'))}</body></html>"
    )
    back = workbook.parse(page.encode(), "另存.html")
    assert not [finding.code for finding in compare(back, report)]


@pytest.mark.parametrize("form", ["page", "fragment", "proof"])
@pytest.mark.parametrize("text", [HARD_TEXTS["markup"], "<script>alert(1)</script><img src=x onerror=alert(1)>"])
def test_no_text_is_markup_on_a_page(form: str, text: str) -> None:
    report = with_texts("2021", text)
    report = replace(report, body=replace(report.body, name='"><script>alert(1)</script>局'))
    files, _ = publish(report, Publishing((form,)), findings=check(report))
    tree = lxml.html.fromstring(files[form][""].decode())
    assert not tree.xpath("//script|//img|//*[@onerror]|//iframe|//link|//@src")
    assert not [name for name in tree.xpath("//@*") if "javascript:" in name]


@pytest.mark.parametrize("form", ["page", "fragment"])
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_number_has_a_head_of_its_row_and_of_its_column(edition: str, form: str) -> None:
    tree = lxml.html.fromstring(published(sound(edition), form).decode())
    names = tree.xpath("//@id")
    assert len(names) == len(set(names))
    cells = tree.xpath("//td")
    assert len(cells) == len(sound(edition).cells)
    heads = {head.get("id"): head.get("scope") for head in tree.xpath("//th")}
    for cell in cells:
        scopes = {heads[name].removesuffix("group") for name in cell.get("headers").split()}
        assert "col" in scopes, lxml.html.tostring(cell)
    assert not tree.xpath("//table//td[@class]")
    if form == "fragment":
        assert not tree.xpath("//style|//@class")


@pytest.mark.parametrize("form", ["page", "fragment"])
@pytest.mark.parametrize("edition", EDITIONS)
def test_headings_leave_out_no_level(edition: str, form: str) -> None:
    report = with_texts(
        edition, "（一）主动公开\n1.政策文件\n（1）内部\n一段话。\n（二）依申请公开\n（1）跳级\n一段话。"
    )
    tree = lxml.html.fromstring(published(report, form).decode())
    levels = [int(head.tag[1]) for head in tree.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == (1 if form == "page" else 2)
    assert all(later <= before + 1 for before, later in zip(levels, levels[1:], strict=False)), levels
    assert not [head for head in tree.iter("h1", "h2", "h3", "h4", "h5", "h6") if not (head.text or "").strip()]
=======
>>>>>>> i16-page
