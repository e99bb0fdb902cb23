"""Draws the pictures of README and manual: workbooks through LibreOffice to PDF to PNG, pages through Chromium."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import all as makers

import workbook

ROOT = Path(__file__).resolve().parents[2]
NIANBAO = str(Path(sys.executable).with_name("nianbao"))
IMAGES = ROOT / "docs" / "images"
RESOLUTION = "110"

FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include>/etc/fonts/fonts.conf</include>
<alias binding="same"><family>宋体</family><prefer><family>Noto Serif CJK SC</family></prefer></alias>
<alias binding="same"><family>仿宋</family>
<prefer><family>FandolFang</family><family>Noto Serif CJK SC</family></prefer></alias>
<alias binding="same"><family>楷体</family>
<prefer><family>FandolKai</family><family>LXGW WenKai</family></prefer></alias>
<alias binding="same"><family>黑体</family><prefer><family>Noto Sans CJK SC</family></prefer></alias>
</fontconfig>"""


def draw(book: bytes, pages: dict[str, str], folder: Path, *, numbered: bool = True) -> None:
    """Draw pages of a workbook; ``pages`` maps names of pictures to the words that a page begins with.

    Numbers of pages, where these have them, are cut off.
    """
    (folder / "fonts.conf").write_text(FONTS, encoding="utf-8")
    (folder / "book.xlsx").write_bytes(book)
    office = ["soffice", "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    environment = {"FONTCONFIG_FILE": str(folder / "fonts.conf"), "PATH": "/usr/bin:/bin", "HOME": str(folder)}
    convert = [*office, "--convert-to", "pdf", "--outdir", str(folder), str(folder / "book.xlsx")]
    subprocess.run(convert, check=True, capture_output=True, env=environment)  # noqa: S603
    words = subprocess.run(["pdftotext", str(folder / "book.pdf"), "-"], check=True, capture_output=True, text=True)  # noqa: S603, S607
    begins = ["".join(page.split()) for page in words.stdout.split("\f")]
    for name, title in pages.items():
        target = IMAGES / name
        page = str(next(at for at, begin in enumerate(begins, 1) if begin.startswith(title)))
        cut = ["pdftoppm", "-r", RESOLUTION, "-f", page, "-l", page, "-png", "-singlefile"]
        subprocess.run([*cut, str(folder / "book.pdf"), str(target)], check=True)  # noqa: S603
        number = ["-gravity", "south", "-chop", "0x9%"] if numbered else []
        trim = ["convert", f"{target}.png", *number, "-trim", "+repage"]
        trim += ["-bordercolor", "white", "-border", "12", "+dither", "-colors", "64"]  # small files
        subprocess.run([*trim, f"{target}.png"], check=True)  # noqa: S603


def screen(report: workbook.Report) -> bytes:
    """Return a workbook whose sheets print what a screen shows: the verdicts and marks beside the tables too."""
    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(workbook.write(report)))
    for sheet in book.worksheets:
        sheet.print_area = None
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def collection(folder: Path) -> None:
    """Draw the standing of a made city and a letter to one of its units, as Chromium shows them."""
    sys.path.insert(0, str(ROOT / "tests" / "support"))
    from mailbag import YEAR, Mailbag

    bag = Mailbag(1, 60)
    bag.write_register(folder / "名册.xlsx")
    bag.write(folder / "来件")
    run = ["init", "名册.xlsx", "-o", "收报", "--year", str(YEAR)]
    for each in (
        run,
        ["add", "来件", "-C", "收报", "--quiet"],
        ["return", "--errors", "-C", "收报", "-o", "退回"],
        ["accept", "--sound", "-C", "收报"],
        ["status", "-C", "收报", "-o", "状况.html"],
    ):
        day = "02-03" if each[0] == "status" else "01-28"
        environment = {**os.environ, "NIANBAO_NOW": f"{YEAR + 1}-{day} 09:00"}
        subprocess.run([NIANBAO, "collect", *each], cwd=folder, check=False, capture_output=True, env=environment)  # noqa: S603
    letter = max((folder / "退回").glob("*退回单.html"), key=lambda path: path.stat().st_size)
    shot(folder / "状况.html", "status", (1100, 1000))
    shot(letter, "letter", (820, 1000))


def publication(report: workbook.Report, folder: Path) -> None:
    """Draw what is published of a report, as a page and in Word, and what verify says of a page with a wrong number."""
    (folder / "年报.xlsx").write_bytes(workbook.write(report))
    published = ["publish", "年报.xlsx", "-o", "发布", "--form", "page,fragment,word", "--date", "2021-01-20"]
    subprocess.run([NIANBAO, *published], cwd=folder, check=True, capture_output=True)  # noqa: S603
    page, word, fragment = (next((folder / "发布").glob(f"*{end}")) for end in ("报告.html", ".docx", "片段.html"))
    shot(page, "published-page", (900, 660), colours=16)
    shot(fragment, "published-fragment", (900, 520), colours=16)
    sheets(word, "published-word", ("1", "2"), folder)
    right = str(report.cells["services.other_services.decisions"])
    wrong = right[:-2] + right[:-3:-1]
    lines = page.read_text(encoding="utf-8").replace(f">{right}<", f">{wrong}<", 1).splitlines(keepends=True)
    online = folder / "公布的网页.html"
    online.write_text("".join(line for line in lines if "（四）" not in line or "<p" not in line), encoding="utf-8")
    checked = ["verify", online.name, "--against", "年报.xlsx", "-o", "核对.html"]
    subprocess.run([NIANBAO, *checked], cwd=folder, check=False, capture_output=True)  # noqa: S603
    shot(folder / "核对.html", "verified", (900, 720), colours=32)


def sheets(document: Path, name: str, pages: tuple[str, ...], folder: Path) -> None:
    """Draw pages of a document side by side, as LibreOffice prints it."""
    target = IMAGES / f"{name}.png"
    (folder / "fonts.conf").write_text(FONTS, encoding="utf-8")
    office = ["soffice", "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    environment = {"FONTCONFIG_FILE": str(folder / "fonts.conf"), "PATH": "/usr/bin:/bin", "HOME": str(folder)}
    convert = [*office, "--convert-to", "pdf", "--outdir", str(folder), str(document)]
    subprocess.run(convert, check=True, capture_output=True, env=environment)  # noqa: S603
    drawn = []
    for page in pages:
        drawn.append(folder / f"sheet-{page}.png")
        cut = ["pdftoppm", "-r", "60", "-f", page, "-l", page, "-png", "-singlefile"]
        made = folder / f"{document.stem}.pdf"
        subprocess.run([*cut, str(made), str(drawn[-1].with_suffix(""))], check=True)  # noqa: S603
    frame = ["-bordercolor", "#999", "-border", "1", "-bordercolor", "white", "-border", "8"]
    beside = ["convert", *map(str, drawn), *frame, "+append"]
    subprocess.run([*beside, "+dither", "-colors", "16", str(target)], check=True)  # noqa: S603


def shot(page: Path, name: str, size: tuple[int, int], *, colours: int = 128) -> None:
    """Draw the upper part of a page."""
    target = IMAGES / f"{name}.png"
    browser = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    taken = [*browser, f"--window-size={size[0]},{size[1]}", f"--screenshot={target}", page.as_uri()]
    subprocess.run(taken, check=True, capture_output=True)  # noqa: S603
    subprocess.run(["convert", str(target), "+dither", "-colors", str(colours), str(target)], check=True)  # noqa: S603, S607


def main() -> None:
    """Draw every picture."""
    IMAGES.mkdir(exist_ok=True)
    book, _ = makers.example()
    report = workbook.parse(book, "linan-2020.xlsx")
    broken = workbook.write(report.with_cells({"applications.granted.natural": 72}))
    again = workbook.parse(broken, "a.xlsx")
    marked = workbook.mark(broken, again, workbook.check(again))
    last = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        applications = report.form.sections[2].heading
        guide = f"{report.form.title}2021"
        draw(workbook.template("2021"), {"template-2021": applications}, folder)
        draw(workbook.template("2021"), {"guide": guide}, folder, numbered=False)
        draw(book, {"checks": "校验"}, folder)
        draw(screen(again), {"screen": applications}, folder)
        draw(marked, {"marked": applications, "results": "校验结果"}, folder)
        collection(folder)
        (folder / "临安区-2020.xlsx").write_bytes(broken)
        subprocess.run([NIANBAO, "check", "临安区-2020.xlsx", "-o", "结果.html"], cwd=folder, check=False)  # noqa: S603
        shot(folder / "结果.html", "page", (1000, 640))
        publication(report, folder)
    print(f"pictures of {last} are in {IMAGES.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
