"""Makes the generated files: schemas, templates, the example, the reference pages. ``--check`` only compares."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import architecture
import bundle
import checks_page
import compiled
import handbook
import house
import manual
import reference
import store
import words

import workbook
from workbook.document.document import dump
from workbook.report import number
from workbook.resources import template_file
from xlplugin.addin.build import build

ROOT = Path(__file__).resolve().parents[2]


def example() -> tuple[bytes, bytes]:
    """Return the example workbook and the JSON document converted from it."""
    data = tomllib.loads((ROOT / "examples/linan-2020.toml").read_text(encoding="utf-8"))
    form = workbook.load_form(data["edition"])
    cells = {
        f"{table.key}.{row.key}.{column.key}": number(value)
        for table in form.tables
        for row in table.rows
        for column, value in zip(table.columns, data["tables"][table.key][row.key], strict=True)
    }
    narrative = {key: text.strip() for key, text in data["narrative"].items()}
    book = workbook.write(workbook.Report(form.edition, data["year"], workbook.Body(**data["body"]), cells, narrative))
    return book, workbook.to_json(workbook.parse(book, "linan-2020.xlsx"))


def templates() -> dict[str, bytes]:
    """Return the blank workbooks by their paths in the repository."""
    return {template_file(edition): workbook.template(edition) for edition in workbook.editions()}


def artefacts() -> dict[str, bytes]:
    """Return every generated file by its path in the repository; workbooks are filled from the templates there."""
    book, document = example()
    made = {"examples/linan-2020.xlsx": book, "examples/linan-2020.json": document}
    for edition in workbook.editions():
        made[f"schema/{edition}/report.schema.json"] = dump(workbook.report_schema(edition))
        made[f"schema/{edition}/report-1.schema.json"] = dump(workbook.report_schema(edition, 1))
        made[f"schema/{edition}/finding.schema.json"] = dump(workbook.finding_schema(edition))
    made |= templates()
    made |= compiled.files()
    made["workbook/cli/locale/zh/LC_MESSAGES/nianbao.mo"] = words.catalogue()
    made["templates/nianbao.xlam"] = build()
    made["docs/images/ribbon.svg"] = manual.drawing()
    made["docs/images/house.svg"] = house.drawing()
    made["docs/architecture.md"] = architecture.source().encode()
    made["docs/使用手册.md"] = manual.source().encode()
    made["docs/校验说明.md"] = checks_page.page().encode()
    made["docs/reference/store.md"] = store.page().encode()
    made["docs/reference/bundle.md"] = bundle.page().encode()
    made |= {f"docs/reference/{name}": text.encode() for name, text in reference.pages().items()}
    return made | handbook.pages(made)


def main() -> int:
    """Write what differs, or with ``--check`` name it and fail."""
    checking = "--check" in sys.argv[1:]
    stale = 0
    for name, data in (item for make in (templates, artefacts) for item in make().items()):
        path = ROOT / name
        if path.exists() and path.read_bytes() == data:
            continue
        stale += 1
        print(f"{'stale' if checking else 'made'}: {name}")
        if not checking:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return 1 if checking and stale else 0


if __name__ == "__main__":
    sys.exit(main())
