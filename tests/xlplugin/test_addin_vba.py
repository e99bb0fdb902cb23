"""The VBA of the add-in, run: it reaches Python, and says what to do where there is none."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import vba
from addins import body
from openpyxl import Workbook
from pyopenvba.interpreter._values import NOTHING
from workbooks import blank_of

import workbook
from xlplugin import macros
from xlplugin.addin import diagnose
from xlplugin.addin.definition import load_definition
from xlplugin.addin.diagnose import XLWINGS
from xlplugin.addin.vba import (
    PYTHON,
    SHEET,
    TEXT_COLUMN,
    BuildError,
    python_module,
)
from xlplugin.press import ANYWHERE, AT_DESK
from xlplugin.talk import SEPARATOR, Ask, AskNumber, AskText, PickFile, PickFolder, Preview

if TYPE_CHECKING:
    from office import Office


@pytest.mark.parametrize("button", load_definition().buttons, ids=lambda button: button.macro)
def test_a_click_reaches_its_macro_whatever_is_open(button: Any, addin: Path) -> None:
    with vba.running(addin) as app:
        ((function, macro, version, program, _, facts),) = vba.click(app, button.sub)
        assert not app.application.boxes
    assert callable(getattr(macros, function))
    assert macro in ANYWHERE | AT_DESK
    assert (macro, version, program, bool(facts)) == (
        button.macro, workbook.__version__, "Microsoft Excel", macro == "self_check"
    )  # fmt: skip
    with vba.running(addin, empty=True) as app:
        ran = vba.click(app, button.sub)
        assert bool(ran) == button.anywhere == (button.macro in ANYWHERE)
        told = [] if ran else [load_definition().texts["no_workbook"]]
        assert [box[0] for box in app.application.boxes] == told
        assert app.application.server.set == ([("xlwings._xlwindows", "BOOK_CALLER", NOTHING)] if ran else [])


def conversation(*replies: str) -> tuple[list[tuple[Any, ...]], Any]:
    """Return what Python is told, and what stands for Python: it replies in turn."""
    told: list[tuple[Any, ...]] = []
    left = list(replies)

    def python(name: str, *given: Any) -> str:
        told.append((name, given[-1] if name == "answer" else given[0]))
        return left.pop(0) if left else ""

    return told, python


def part(*parts: str) -> str:
    return SEPARATOR.join(parts)


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        (Ask("改吗？✓𠮷"), {6: "yes", 7: ""}),
        (AskNumber("哪一年？", 2024), {2025.0: "2025", False: ""}),
        (AskText("姓名？", "李"), {"张𠮷": "=张𠮷", "": "=", False: ""}),
        (PickFolder("选择文件夹"), {"D:\\年报 甲": "D:\\年报 甲", False: ""}),
        (PickFile("选择", "年报 (*.xlsx),*.xlsx"), {r"C:\年报\a.xlsx": r"C:\年报\a.xlsx", False: ""}),
    ],
)
def test_what_python_asks_is_shown_between_the_calls(question: Any, answers: dict[Any, str], addin: Path) -> None:
    for answer, handed in answers.items():
        told, python = conversation(part(question.kind, *question.parts), part("say", "好了 ✓\n第二行", ""))
        with vba.running(addin, server=vba.Server(python=python), answers=[answer]) as app:
            vba.click(app, "NbCheckReport")
            excel = app.application
            assert told == [("press", "check_report"), ("answer", handed)]
            assert excel.boxes[-1] == ("好了 ✓\n第二行", 64)
            shown = [box[0] for box in excel.boxes[:-1]] + [asked[0] for asked in excel.asked]
            assert shown == [question.parts[0]]
            proposed = question.parts[1:] if question.kind in {"number", "text"} else ()
            assert [asked[1] for asked in excel.asked if proposed] == list(proposed)
            assert excel.vba_get("DisplayAlerts")


def test_what_a_button_wrote_is_offered_to_be_undone_last_of_all(addin: Path) -> None:
    told, python = conversation(part("say", "已填", "撤销“空白填零”"))
    with vba.running(addin, server=vba.Server(python=python)) as app:
        vba.click(app, "NbFillZeros")
        assert app.application.undo == ("撤销“空白填零”", "'nianbao.xlam'!NbUndo")
        app.run("NbUndo")
        assert told == [("press", "fill_zeros"), ("press", "undo")]
        vba.cell(app)
        app.run("NbUndo")
        assert len(told) == 2
    with vba.running(addin, server=vba.Server(python=lambda *_: part("say", "没有", ""))) as app:
        vba.click(app, "NbFillZeros")
        assert app.application.undo is None


def test_a_copy_of_the_template_is_opened_between_the_calls(addin: Path, tmp_path: Path) -> None:
    path = tmp_path / "年报模板.xlsx"
    path.write_bytes(blank_of("2021"))
    told, python = conversation(part("open", str(path)), part("grave", "没有", ""))
    with vba.running(addin, server=vba.Server(python=python), empty=True) as app:
        vba.click(app, "NbNewReport")
        assert told == [("press", "new_report"), ("answer", "")]
        assert [book for *_, book in app.application.server.set] == [NOTHING, app.application.active_book]
        assert app.application.active_book is not None
        assert app.application.boxes == [("没有", 48)]


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """A workbook of three sheets, the last in front."""
    book = Workbook()
    book.active.title = "一"
    book.create_sheet("二 (甲)")
    book.active = book.create_sheet("校验")
    book.save(tmp_path / "三张.xlsx")
    return tmp_path / "三张.xlsx"


@pytest.mark.parametrize("front", ["sheet", "chart"])
def test_sheets_are_previewed_between_the_calls_and_one_alone_is_selected_after(
    front: str, addin: Path, three: Path
) -> None:
    asked = Preview(("二 (甲)", "一"))
    told, python = conversation(part(asked.kind, *asked.parts))
    with vba.running(addin, server=vba.Server(python=python)) as app:
        excel = app.application
        book = app.open_workbook(three)
        app.activate_workbook(book)
        shown = vba.ChartSheet(excel) if front == "chart" else book.active_sheet
        excel.chart = shown if front == "chart" else None
        vba.click(app, "NbPrintReport")
        assert excel.previewed == [["一", "二 (甲)"]]
        assert told == [("press", "print_report"), ("answer", "")]
        assert excel.selected == [shown]
        assert front == "chart" or book.active_sheet is shown
        assert (excel.boxes, excel.asked) == ([], [])


@pytest.mark.parametrize("how", ["no printer", "hidden", "gone"])
def test_why_nothing_can_be_previewed_is_handed_to_python(how: str, addin: Path, three: Path) -> None:
    names = ("一", "没有的表") if how == "gone" else ("一", "二 (甲)")
    asked = Preview(names)
    told, python = conversation(part(asked.kind, *asked.parts), part("grave", "没有打印", ""))
    with vba.running(addin, server=vba.Server(python=python)) as app:
        excel = app.application
        book = app.open_workbook(three)
        app.activate_workbook(book)
        excel.has_printer = how != "no printer"
        if how == "hidden":
            book.sheet_named("二 (甲)").vba_set("Visible", 0)
        vba.click(app, "NbPrintReport")
        assert excel.previewed == []
        (_, (_, why)) = told
        assert {"no printer": "No printers", "hidden": "PrintPreview", "gone": "没有的表"}[how] in why
        assert excel.selected == [book.active_sheet]
        assert excel.boxes == [("没有打印", 48)]


def test_words_are_never_shown_by_what_knows_one_code_page_only(addin: Path) -> None:
    for source in vba.modules(addin).values():
        assert "msgbox" not in source.lower()


REASONS = {
    "Could not create Python process.\nError message: Access is denied.\nWorking Dir: <unspecified>": "安全策略",
    "Could not create Python process.\r\nError message: 拒绝访问。\r\n": "安全策略",
    "Could not load xlwings64-0.37.8.dll from C:\\a or C:\\v": "动态库",
    "Could not activate Python COM server, hr = -2147221164 1000": "没有登记",
    "%1 is not a valid Win32 application.": "位数",
    "Python process exited with code 1 before the server could start": "刚启动就退出",
    "ModuleNotFoundError: No module named 'xlplugin'": "缺少程序",
    "ImportError: DLL load failed while importing win32api": "组件打不开",
    "The RPC server is unavailable.": "中途退出",
    "The system cannot find the file specified.": "移动",
}


@pytest.mark.parametrize("reason", REASONS)
def test_why_python_did_not_start_is_told_whole_with_what_to_do(reason: str, addin: Path) -> None:
    with vba.running(addin, server=vba.Server(fails=reason)) as app:
        vba.click(app, "NbCheckReport")
        ((told, _),) = app.application.boxes
        assert reason.strip() in told
        assert REASONS[reason] in told.split(load_definition().texts["failed"])[0]
        assert app.application.vba_get("DisplayAlerts")


def test_an_unknown_reason_is_told_too(addin: Path) -> None:
    with vba.running(addin, server=vba.Server(fails="Something\nelse " + "x" * 5_000 + " the end")) as app:
        vba.click(app, "NbCheckReport")
        ((told, _),) = app.application.boxes
        assert told.startswith(load_definition().texts["failed"] + "Something\nelse")
        assert told.endswith("the end")
        assert len(told) < 1_500


FOLDER = vba.INTERPRETER.rpartition("\\")[0]
LIBRARY = rf"{FOLDER}\xlwings64-{XLWINGS}.dll"


def facts_of(app: Any) -> dict[str, tuple[str, str]]:
    ((*_, facts),) = vba.click(app, "NbSelfCheck")
    return {fact.name: (fact.found, fact.remedy) for fact in diagnose.told_by_vba(facts)}


def test_the_first_half_of_the_self_check_is_done_without_python(addin: Path) -> None:
    texts = load_definition().texts
    with vba.running(addin) as app:
        app.application.machine.files[LIBRARY] = ""
        facts = facts_of(app)
        assert facts[texts["library"]] == (LIBRARY, "")
        assert facts[texts["python"]] == (vba.INTERPRETER, "")
        assert facts[texts["settings"]] == (vba.CONFIGURATION, "")
        assert facts[texts["bits"]][0] in {"32", "64"}
        assert facts[texts["views"]] == ("0", "")
        assert facts[texts["program"]][0].startswith("Microsoft Excel 16.0")
        app.application.machine.files[rf"{FOLDER}\xlwings64-0.33.0.dll"] = app.application.machine.files.pop(LIBRARY)
        assert facts_of(app)[texts["library"]] == ("xlwings64-0.33.0.dll", texts["other_library"])
        app.application.machine.files = {
            name: text for name, text in app.application.machine.files.items() if not name.endswith(".dll")
        }
        assert facts_of(app)[texts["library"]][1] == texts["no_library"]
    with vba.running(addin, protected=2) as app:
        assert facts_of(app)[texts["views"]] == ("2", texts["protected_view"])


@pytest.mark.parametrize("python", [True, False])
def test_the_self_check_tells_what_is_wrong_where_python_cannot_be_reached(addin: Path, *, python: bool) -> None:
    texts = load_definition().texts
    server = vba.Server(fails="Access is denied.")
    with vba.running(addin, python=python, server=server) as app:
        app.application.machine.files.pop("" if python else vba.CONFIGURATION, None)
        vba.click(app, "NbSelfCheck")
        ((told, _),) = app.application.boxes
        assert (texts["no_settings"] in told) == (not python)
        assert ("Access is denied." in told, texts["no_python"] in told) == (python, not python)
        assert texts["good"] + texts["program"] in told
        assert texts["workbook"] in told


def test_a_click_without_python_says_what_to_do(addin: Path) -> None:
    with vba.running(addin, python=False) as app:
        assert vba.click(app, "NbCheckReport") == []
        assert app.application.boxes[0][0] == load_definition().texts["no_python"]


def test_a_click_in_protected_view_says_what_to_do(addin: Path) -> None:
    with vba.running(addin, protected=1) as app:
        assert vba.click(app, "NbCheckReport") == []
        assert app.application.boxes[0][0] == load_definition().texts["protected_view"]


HELPS = [
    (f"'nianbao.xlam'!{f.name}", f.help, load_definition().texts["category"], list(f.arguments.values()))
    for f in load_definition().functions
]


def test_the_help_of_functions_is_registered_once_from_the_sheet(addin: Path) -> None:
    vba.REGISTERED.clear()
    with vba.running(addin) as app:
        vba.click(app, "NbOnLoad")
        assert vba.REGISTERED == HELPS
        assert vba.wait(app) == []
        vba.click(app, "NbAbout")
        app.run("NbRegister")
    assert vba.REGISTERED == HELPS


def test_without_a_workbook_the_help_waits_for_one(addin: Path) -> None:
    """Excel was started by itself: it shows no workbook, or one in protected view alone."""
    for given in ({"empty": True}, {"protected": 1}):
        vba.REGISTERED.clear()
        with vba.running(addin, **given) as app:
            vba.click(app, "NbOnLoad")
            for _ in range(3):
                assert vba.wait(app) == ["'nianbao.xlam'!NbRegister"]
            vba.click(app, "NbAbout")
            assert (len(app.application.timers), vba.REGISTERED, app.application.boxes) == (1, [], [])
            app.add_module("Sub Start()\n    Workbooks.Add\nEnd Sub\n", name="Start")
            app.run("Start")
            assert vba.wait(app) == ["'nianbao.xlam'!NbRegister"]
            assert (vba.wait(app), vba.REGISTERED) == ([], HELPS)


def test_a_cell_registers_nothing_and_starts_no_clock(addin: Path) -> None:
    vba.REGISTERED.clear()
    with vba.running(addin, empty=True) as app:
        vba.cell(app)
        app.run("NbRegister")
        vba.click(app, "NbOnLoad")
        assert (app.application.timers, vba.REGISTERED) == ([], [])


def test_wrappers_reach_the_functions_with_their_arguments(addin: Path) -> None:
    server = vba.Server(caller="the cell")
    with vba.running(addin, server=server) as app:
        vba.cell(app)
        assert app.evaluate("NB_BALANCE(5, 1, 3, 2)") == 1
        assert app.evaluate("NB_TOTAL_DIFF(7, 3)") == 4
        assert "勾稽" in str(app.evaluate('NB_RULE("applications.balance")'))
        assert "没有代码" in str(app.evaluate('NB_RULE("nonsense")'))
        for call, given in (
            ("NB_STATUS()", ("NB_STATUS", "the cell")),
            ("NB_FINDINGS()", ("NB_FINDINGS", None, "the cell")),
            ('NB_FINDINGS("cell")', ("NB_FINDINGS", "cell", "the cell")),
            ('NB_VALUE("a.b.c")', ("NB_VALUE", "a.b.c", None, "the cell")),
            ('NB_VALUE("a.b.c", "x.json")', ("NB_VALUE", "a.b.c", "x.json", "the cell")),
        ):
            app.evaluate(call)
            assert server.calls[-1] == given


def test_a_function_without_python_gives_a_text(addin: Path) -> None:
    for python, words in ((False, load_definition().texts["no_python"]), (True, load_definition().texts["failed"])):
        with vba.running(addin, python=python, server=vba.Server(fails=vba.FAULT)) as app:
            told = str(app.evaluate("NB_BALANCE(1, 1, 1, 1)"))
            assert told.startswith(words)
            assert "Traceback" not in told
            assert told.endswith("KeyError: 'x'") == python


def test_another_xlwings_is_refused(addin: Path) -> None:
    spec = find_spec("xlwings")
    assert spec
    assert spec.origin
    theirs = vba.modules(Path(spec.origin).parent / "quickstart_addin_ribbon.xlam")["xlwings"]
    assert python_module(load_definition(), theirs, XLWINGS) == vba.modules(addin)[PYTHON]
    for old, new in (
        ("xlwings.serve('$(CLSID)')", "xlwings.start('$(CLSID)')"),
        ('"BOOK_CALLER", ActiveWorkbook', '"CALLER", ActiveWorkbook'),
        ("ByVal mode As Long = 1", "ByVal mode As Long = 2"),
        ('Alias "LoadLibraryA"', 'Alias "LoadLibraryW"'),
    ):
        assert old in theirs
        with pytest.raises(BuildError, match="no such line"):
            python_module(load_definition(), theirs.replace(old, new), XLWINGS)
    with pytest.raises(BuildError, match="no such line"):
        python_module(load_definition(), theirs, "0.0.1")


def test_libreoffice_compiles_the_class_and_runs_it(addin: Path, libreoffice: Office, tmp_path: Path) -> None:
    """The only other compiler of VBA at hand; the other modules name types that Excel alone has."""
    path = tmp_path / "x.xlsx"
    book = Workbook()
    book.active.title = SHEET
    for row, (key, words) in enumerate(load_definition().texts.items(), 1):
        book.active.cell(row, TEXT_COLUMN, key)
        book.active.cell(row, TEXT_COLUMN + 1, words)
    book.save(path)
    head = "Rem Attribute VBA_ModuleType=VBAClassModule\nOption VBASupport 1\nOption ClassModule\n"
    asking = f"Option VBASupport 1\nFunction Asked()\nDim It As New {PYTHON}\nAsked = It.{{}}\nEnd Function\n"
    for call, words in (
        ("Obstacle", load_definition().texts["no_python"]),
        ('Unreached("Traceback" & vbCrLf & "KeyError")', load_definition().texts["no_python"]),
        ('Words("failed")', load_definition().texts["failed"]),
    ):
        with libreoffice.open(path, MacroExecutionMode=4) as document:  # never ask, always run
            document.BasicLibraries.createLibrary("Trial")
            library = document.BasicLibraries.getByName("Trial")
            library.insertByName(PYTHON, head + "\n".join(body(vba.modules(addin)[PYTHON])))
            library.insertByName("Asking", asking.format(call))
            where = "vnd.sun.star.script:Trial.Asking.Asked?language=Basic&location=document"
            assert document.getScriptProvider().getScript(where).invoke((), (), ())[0] == words
