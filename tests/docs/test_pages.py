"""What the pages for developers name exists, the manual names all that is shown, the house is drawn as it is."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import pytest

from workbook import cli
from workbook.output import FORMATS
from xlplugin.addin.definition import load_definition

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "docs" / "build"))

import house
import keys
import parts
import rooms

ROOT = Path(__file__).resolve().parents[2]
NAMING = ("CONTRIBUTING.md", "docs/architecture.md")
LINKED = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/architecture.md",
    *(f"docs/reference/{name}" for name in ("keys.md", "glossary.md", "codes.md")),
)
_SOURCES = [
    path for folder in ("workbook", "xlplugin", "tests", "docs", "schema") for path in (ROOT / folder).rglob("*")
]
_TEXTS = "\n".join(
    path.read_text(encoding="utf-8")
    for path in _SOURCES
    if path.suffix in {".py", ".toml"} and path.parent != Path(__file__).parent
)
_FILES = {path.name for path in (*_SOURCES, *ROOT.iterdir())}


def missing(page: str) -> list[str]:
    """Return what a page names in backticks that does not exist: paths, modules, commands, constants."""
    text = re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL)
    return [word for span in re.findall(r"`([^`]+)`", text) for word in span.split() if not exists(word, span)]


def exists(word: str, span: str) -> bool:
    """Say whether a word in backticks names something that is there; a word that is no name of this project does."""
    path = re.sub(r"<\w+>", "*", word.strip("()"))
    if span.startswith("nianbao ") and word.isalpha():
        return word == "nianbao" or word in cli.main.commands
    if re.fullmatch(r"(workbook|xlplugin)(\.\w+)+", word):
        return _is_named(word)
    if re.match(r"(workbook|xlplugin|docs|tests|schema|examples|templates|bench)/", path):
        return any(ROOT.glob(path))
    if re.fullmatch(r"[\w.-]+\.(py|toml|md|cls|json)", word):
        return word in _FILES
    if re.fullmatch(r"_?[A-Z][A-Z_]{3,}|test_\w+|[A-Z][a-z]+[A-Z]\w+", word):
        return bool(re.search(rf"\b{word}\b", _TEXTS))
    return True


def _is_named(dotted: str) -> bool:
    """Say whether a dotted name is a module, or a name within one."""
    try:
        importlib.import_module(dotted)
    except ImportError:
        module, _, name = dotted.rpartition(".")
        return "." in module and hasattr(importlib.import_module(module), name)
    return True


@pytest.mark.parametrize("page", NAMING)
def test_what_a_page_names_exists(page: str) -> None:
    assert not missing((ROOT / page).read_text(encoding="utf-8"))


def test_a_name_that_is_gone_is_noticed() -> None:
    page = (
        "`workbook/gone.py` `schema/<edition>/gone.toml` `workbook.form.gone` `workbook.checks.run.GONE` `GONE_LIST` "
        "`gone.toml` `nianbao gone` `python docs/gone.py` `test_that_is_gone`\n"
        "`workbook/cli/<name>.py` `workbook.form.load` `workbook.checks.run.CHECKS` `form.toml` `nianbao mark`\n"
        "```sh\n`workbook/elsewhere.py`\n```\n"
    )
    assert missing(page) == [
        "workbook/gone.py", "schema/<edition>/gone.toml", "workbook.form.gone", "workbook.checks.run.GONE", "GONE_LIST",
        "gone.toml", "gone", "docs/gone.py", "test_that_is_gone",
    ]  # fmt: skip


@pytest.mark.parametrize("page", LINKED)
def test_links_within_the_repository_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert (ROOT / page).parent.joinpath(target).exists(), target


def test_the_manual_names_every_button_function_and_format() -> None:
    manual = (ROOT / "docs/使用手册.md").read_text(encoding="utf-8")
    definition = load_definition()
    assert not [button.label for button in definition.buttons if button.label not in manual]
    assert not [function.name for function in definition.functions if f"`={function.name}(" not in manual]
    for name, written in FORMATS.items():
        assert name == "text" or f"| `{written.endings[0]}` | `{name}` |" in manual, name


def test_arrows_of_the_house_go_down_and_say_all_that_the_imports_say() -> None:
    floor = house.floors()
    assert all(floor[top] > floor[foot] for top, foot in house.arrows())
    order = list(rooms.ROOMS)
    assert all(order.index(near) < order.index(name) for name in order for near in rooms.edges()[name])
    reached: dict[str, set[str]] = {}
    for name in rooms.ROOMS:
        near = {foot for top, foot in house.arrows() if top == name}
        reached[name] = near.union(*(reached[foot] for foot in near))
        assert reached[name] >= set(rooms.edges()[name]) - set(house.ground()), name
        assert all(name in rooms.edges() and foot in rooms.edges()[name] for foot in near)


def test_every_room_is_drawn_within_the_picture() -> None:
    picture = house.drawing().decode()
    for name in rooms.ROOMS:
        assert f">{rooms.path_of(name)}</text>" in picture
    for x, width in re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', picture):
        assert float(x) >= 0
        assert float(x) + float(width) <= house.WIDTH
    for box in re.findall(r"<rect [^>]+/><text .*", picture):
        y, width, height = (float(re.search(rf'{name}="([\d.]+)"', box)[1]) for name in (" y", "width", "height"))
        texts = re.findall(r'<text [^>]*y="([\d.]+)" font-size="([\d.]+)"[^>]*>([^<]*)', box)
        assert all(float(at) < y + height and len(words) * float(size) * 0.5 < width for at, size, words in texts), box


def test_a_page_without_a_place_for_a_made_part_is_refused() -> None:
    page = "a\n<!-- made: one -->\nold\n<!-- end -->\nb\n"
    assert parts.fill(page, {"one": "new\n"}) == "a\n<!-- made: one -->\nnew\n<!-- end -->\nb\n"
    assert parts.without_marks(page) == "a\nold\nb\n"
    with pytest.raises(ValueError, match="two"):
        parts.fill(page, {"two": "new\n"})


def test_a_meaning_of_a_key_that_no_edition_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "| `applications.granted` |" in keys.glossary()
    lines = keys._lines()
    del lines["documents.made"]
    monkeypatch.setattr(keys, "_lines", lambda: lines)
    with pytest.raises(ValueError, match=re.escape("documents.made")):
        keys.glossary()
