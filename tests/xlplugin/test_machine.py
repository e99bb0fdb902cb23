"""What keeps the add-in from running on a machine: each of it is told, with what to do, and nothing else is."""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from registry import FakeWinreg, keys_of

from workbook.cli import main
from xlplugin import macros
from xlplugin.addin import machine
from xlplugin.addin.definition import load_definition
from xlplugin.addin.diagnose import XLWINGS, Fact
from xlplugin.addin.install import INTERPRETER, Places, odd_path, read_settings
from xlplugin.addin.machine import Registry, facts, fails_to_import, inside, library

EXCEL = "{00024500-0000-0000-C000-000000000046}"
SERVER = rf"HKCR\CLSID\{EXCEL}\LocalServer32"
ROOT = r"HKLM\Software\Microsoft\Office\16.0\Excel\InstallRoot"
CLICK_TO_RUN = r"HKLM\Software\Microsoft\Office\ClickToRun\Configuration"
POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0"
OWN = r"HKCU\Software\Microsoft\Office\16.0"
DISABLED = rf"{OWN}\Excel\Resiliency\DisabledItems"
PROGRAM = r"C:\Program Files\Microsoft Office\Root\Office16\EXCEL.EXE"
START = r"C:\Users\lan\AppData\Roaming\Microsoft\Excel\XLSTART"

SOUND: dict[str, dict[str, Any]] = {
    r"HKCR\Excel.Application\CLSID": {"": EXCEL},
    SERVER: {"": f'"{PROGRAM}" /automation'},
    ROOT: {"Path": PROGRAM.removesuffix("EXCEL.EXE")},
    CLICK_TO_RUN: {"Platform": "x64"},
}


def item(path: str, kind: int = 1) -> bytes:
    """Return an item as Excel keeps it."""
    texts = [f"{path}\0".encode("utf-16-le"), "年报工具箱\0".encode("utf-16-le")]
    return struct.pack("<3I", kind, *map(len, texts)) + b"".join(texts)


def registry(*changes: dict[str, dict[str, Any]]) -> Registry:
    keys = {key: dict(values) for key, values in SOUND.items()}
    for change in changes:
        for key, values in change.items():
            keys[key] = keys.get(key, {}) | values
    return Registry(FakeWinreg(keys))


def told(read: Registry, folder: str = START) -> list[Fact]:
    """Return what is wrong with Excel, the add-in in a folder of Windows."""
    versions = machine.installed_versions(read)
    where = machine.trusted(read, versions, folder, {"APPDATA": r"C:\Users\lan\AppData\Roaming"})
    found = [machine.owner(read), machine.disabled(read, versions), *machine.restrictions(read, versions, where)]
    assert all(bool(fact.remedy) for fact in found if not fact.good)
    return [fact for fact in found if not fact.good]


LIMITS = {
    "add-ins off": ({rf"{POLICY}\Excel\Security": {"DisableAllAddins": 1}}, "停用了全部加载项"),
    "signed": ({rf"{POLICY}\excel\security": {"requireaddinsig": 1}}, "只许有签名的加载项"),
    "signed, by the user": ({rf"{OWN}\Excel\Security": {"RequireAddinSig": 1}}, "只许有签名的加载项"),
    "signed, of the machine": (
        {r"HKLM\Software\Policies\Microsoft\Office\16.0\Excel\Security": {"RequireAddinSig": 1}},
        "只许有签名的加载项",
    ),
    "signed where always on": ({rf"{POLICY}\Common\Security": {"RequireAlwaysOnMacroSig": 1}}, "要有签名"),
    "no VBA": ({rf"{POLICY}\Common": {"VBAOff": 1}}, "停用了 VBA"),
    "no VBA on the machine": ({r"HKLM\Software\Microsoft\Office\16.0\Common": {"VBAOff": 1}}, "停用了 VBA"),
    "no locations": (
        {rf"{POLICY}\Excel\Security\Trusted Locations": {"AllLocationsDisabled": 1}},
        "停用了全部受信任位置",
    ),
    "blocked": ({rf"{POLICY}\Excel\Resiliency\AddinList": {"nianbao.xlam": "0"}}, "禁止了这个加载项"),
    "not listed": ({rf"{POLICY}\Excel\Resiliency": {"RestrictToList": 1}}, "只许名单里的加载项"),
}


def test_a_sound_machine_has_no_fault() -> None:
    assert told(registry()) == []
    assert told(registry({rf"{POLICY}\Excel\Security": {"VBAWarnings": 4}})) == []  # a trusted location is let through
    assert machine.excel_bits(registry()) == "64"


@pytest.mark.parametrize("name", LIMITS)
def test_each_limit_is_told_with_its_place(name: str) -> None:
    change, means = LIMITS[name]
    (fact,) = told(registry(change))
    assert means in fact.found
    ((key, values),) = change.items()
    ((value, set_to),) = values.items()
    assert f"{key}，{value} = {set_to}".lower() in fact.found.lower()
    assert "信任中心" in fact.remedy
    off = {key: dict.fromkeys(values, "2" if value == "nianbao.xlam" else 0)}
    assert told(registry(off)) == []


def test_a_limit_of_another_version_is_none_of_this_one() -> None:
    other = {r"HKCU\Software\Policies\Microsoft\Office\15.0\Excel\Security": {"RequireAddinSig": 1}}
    assert told(registry(other)) == []
    keys = {key: values for key, values in (SOUND | other).items() if key != ROOT}
    assert len(told(Registry(FakeWinreg(keys)))) == 1  # which versions there are is not known


def test_an_add_in_that_is_listed_is_not_blocked_with_the_others() -> None:
    only = {rf"{POLICY}\Excel\Resiliency": {"RestrictToList": 1}}
    assert told(registry(only, {rf"{POLICY}\Excel\Resiliency\AddinList": {"nianbao.xlam": "1"}})) == []


def test_macros_are_stopped_where_the_folder_is_not_trusted() -> None:
    folder = r"D:\共享\加载项"
    macros_off = {rf"{POLICY}\Excel\Security": {"VBAWarnings": 4}}
    assert [fact.name for fact in told(registry(), folder)] == ["受信任的位置"]
    assert [fact.name for fact in told(registry(macros_off), folder)] == ["受信任的位置", "Office 的限制"]
    none_of_their_own = {rf"{POLICY}\Common\Security\Trusted Locations": {"Allow User Locations": 0}}
    assert [fact.name for fact in told(registry(none_of_their_own))] == ["受信任的位置"]


@pytest.mark.parametrize(
    ("path", "deep", "covered"),
    [
        ("D:\\共享\\加载项\\", 0, True),
        ("d:\\共享\\加载项", 0, True),
        ("D:\\共享", 0, False),
        ("D:\\共享", 1, True),
        ("D:\\共", 1, False),
        ("", 1, False),
    ],
)
@pytest.mark.parametrize("root", [OWN, POLICY])
def test_a_trusted_folder_is_known(root: str, path: str, deep: int, *, covered: bool) -> None:
    there = {rf"{root}\Excel\Security\Trusted Locations\Location7": {"Path": path, "AllowSubfolders": deep}}
    assert (told(registry(there), r"D:\共享\加载项") == []) == covered


def test_a_trusted_folder_may_be_written_with_a_variable() -> None:
    there = {rf"{OWN}\Excel\Security\Trusted Locations\Location7": {"Path": "%APPDATA%\\x\\"}}
    assert told(registry(there), r"C:\Users\lan\AppData\Roaming\x") == []


@pytest.mark.parametrize("path", [rf"{START}\nianbao.xlam", rf"{START}\NIANBAO.XLAM".lower()])
def test_an_add_in_that_excel_has_disabled_is_told(path: str) -> None:
    (fact,) = told(registry({DISABLED: {"1A2B": item(r"c:\other.xlam"), "3C4D": item(path)}}))
    assert fact.found == "有 nianbao.xlam"
    assert "禁用项目" in fact.remedy
    assert told(registry({DISABLED: {"1A2B": item(r"c:\other.xlam"), "text": "nianbao.xlam", "n": 1}})) == []


@given(st.binary(max_size=64))
def test_no_item_is_too_odd_to_be_looked_at(data: bytes) -> None:
    assert len(told(registry({DISABLED: {"x": data}}))) <= 1


@pytest.mark.parametrize(
    ("server", "good"),
    [
        (f'"{PROGRAM}" /automation', True),
        (f"{PROGRAM} /automation", True),
        (r"C:\PROGRA~1\MICROS~1\Office16\EXCEL.EXE", True),
        (r"C:\Users\lan\AppData\Local\Kingsoft\WPS Office\12.1.0\office6\et.exe /Automation", False),
        (r'"D:\WPS Office\12.1.0\office6\wps.exe" /et', False),
        (r"D:\办公\office6\et.exe", False),
    ],
)
def test_who_owns_excel_application_is_told(server: str, *, good: bool) -> None:
    found = told(registry({SERVER: {"": server}}))
    assert [fact.name for fact in found] == ([] if good else ["Excel.Application"])
    assert good or "WPS" in found[0].remedy


def test_a_machine_without_excel_is_told() -> None:
    assert [fact.found for fact in told(Registry(FakeWinreg({})))] == ["没有登记"]
    denied = Registry(FakeWinreg(SOUND, denied=(SERVER,)))
    assert [fact.found for fact in told(denied)] == ["没有登记"]


def test_excel_of_32_bits_is_known_in_its_own_view() -> None:
    keys = {key: values for key, values in SOUND.items() if key not in {SERVER, CLICK_TO_RUN, ROOT}}
    keys[f"32:{SERVER}"] = {"": PROGRAM}
    keys[f"32:{ROOT}"] = {"Path": PROGRAM}
    keys[r"32:HKLM\Software\Microsoft\Office\16.0\Outlook"] = {"Bitness": "x86"}
    read = Registry(FakeWinreg(keys))
    assert machine.installed_versions(read) == ("16.0",)
    assert machine.excel_bits(read) == "32"
    assert told(read) == []


def test_the_library_is_looked_for_where_the_vba_does(tmp_path: Path) -> None:
    texts = load_definition().texts
    python = tmp_path / "venv" / "Scripts" / "python.exe"
    python.parent.mkdir(parents=True)
    assert library(python, "64").remedy == texts["no_library"]
    (python.parent / "xlwings64-0.33.0.dll").write_bytes(b"")
    old = library(python, "64")
    assert old.remedy == texts["other_library"]
    assert old.found == f"缺 xlwings64-{XLWINGS}.dll，只有 xlwings64-0.33.0.dll"
    (tmp_path / "venv" / f"xlwings64-{XLWINGS}.dll").write_bytes(b"")
    assert library(python, "64").good
    assert not library(python, "32").good
    assert not library(python).good
    (python.parent / f"xlwings32-{XLWINGS}.dll").write_bytes(b"")
    assert library(python).good


def test_whether_pywin32_can_be_imported_is_asked_of_the_interpreter(tmp_path: Path) -> None:
    assert fails_to_import(Path(sys.executable), ("json", "email.message")) == ""
    assert "no_such_module" in fails_to_import(Path(sys.executable), ("json", "no_such_module"))
    assert fails_to_import(tmp_path / "python.exe")


STORE = r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12_3.12.2800.0_x64__qbz5n2kfra8p0"
HIDDEN = (
    r"C:\Users\lan\AppData\Local\Packages\PythonSoftwareFoundation.Python.3.12_qbz5n2kfra8p0\LocalCache\Local\nianbao"
)


@pytest.mark.parametrize(
    ("path", "store"),
    [
        (rf"{STORE}\python.exe", True),
        (r"C:\Users\lan\AppData\Local\Microsoft\WindowsApps\python.exe", True),
        (rf"{HIDDEN}\venv\Scripts\python.exe", True),
        (r"C:\Users\lan\AppData\Local\Python\pythoncore-3.14-64\python.exe", False),
        (r"C:\Users\WindowsApps.lan\python.exe", False),
    ],
)
def test_a_python_of_the_store_is_told(path: str, *, store: bool) -> None:
    fact = machine.source([path], {})
    assert fact.good == (not store)
    assert store == ("python.org" in fact.remedy and fact.found == path)


def test_an_environment_and_an_add_in_of_a_store_python_are_told(tmp_path: Path) -> None:
    python = tmp_path / "venv" / "Scripts" / "python.exe"
    python.parent.mkdir(parents=True)
    python.write_bytes(b"")
    (tmp_path / "nianbao.conf").write_text(f'"INTERPRETER_WIN","{python}"\r\n', encoding="utf-8")
    at = Places(tmp_path / "XLSTART" / "nianbao.xlam", tmp_path / "nianbao.conf")
    found = {fact.name: fact for fact in facts(at, registry(), {})}
    assert found["Python 的来源"].good
    assert not found["pywin32"].good
    assert not found["xlwings 动态库"].good
    assert found["Excel 位数"] == Fact("Excel 位数", "64", good=True)
    (tmp_path / "venv" / "pyvenv.cfg").write_text(f"home = {STORE}\nversion = 3.12.8\n", encoding="utf-8")
    assert not {fact.name: fact for fact in facts(at, registry(), {})}["Python 的来源"].good
    hidden = tmp_path / "Packages/PythonSoftwareFoundation.Python.3.12_q/LocalCache/Roaming/Microsoft/Excel/XLSTART"
    hidden.mkdir(parents=True)
    assert machine.source([str(python)], {"LOCALAPPDATA": str(tmp_path)}).good
    (hidden / "nianbao.xlam").write_bytes(b"")
    assert not machine.source([str(python)], {"LOCALAPPDATA": str(tmp_path)}).good


def test_without_a_configuration_python_is_not_looked_at(tmp_path: Path) -> None:
    at = Places(tmp_path / "XLSTART" / "nianbao.xlam", tmp_path / "nianbao.conf")
    assert [fact.name for fact in facts(at, registry(), {}) if not fact.good] == []


def test_doctor_and_self_check_tell_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wps = registry({SERVER: {"": r"D:\WPS Office\office6\et.exe"}})
    monkeypatch.setattr(machine, "registry", lambda: wps)
    done = CliRunner().invoke(main, ["doctor", "--home", str(tmp_path)])
    assert done.exit_code == 1
    assert "✗ Excel.Application：D:\\WPS Office\\office6\\et.exe" in done.output
    assert [fact.name for fact in inside(wps)] == ["Python 的来源", "Excel.Application"]
    monkeypatch.setattr(macros, "caller", lambda: None)
    told = macros.self_check(macros.Where("0", "Microsoft Excel", "C:\\", ""))
    assert told
    assert "✗ Excel.Application" in told


SAMPLE, PAGE = "docs/管理员/excel.reg", "docs/管理员/统一安装.md"


def test_the_sample_for_administrators_makes_the_add_in_trusted(root: Path) -> None:
    sample = keys_of((root / SAMPLE).read_bytes())
    folder = next(values["Path"] for key, values in sample.items() if key.endswith("Location1")).rstrip("\\")
    strict = {
        rf"{POLICY}\Common\Security\Trusted Locations": {"Allow User Locations": 0},
        rf"{POLICY}\Excel\Security": {"VBAWarnings": 4},
        rf"{POLICY}\Excel\Resiliency": {"RestrictToList": 1},
    }
    assert len(told(registry(strict), folder)) == 3
    assert told(registry(strict, sample), folder) == []


def test_the_sample_of_a_configuration_names_an_interpreter_that_excel_starts(root: Path) -> None:
    path = root / "docs/管理员/nianbao.conf"
    settings = read_settings(path)
    assert list(settings) == [INTERPRETER]
    assert odd_path(settings[INTERPRETER]) == ""
    assert settings[INTERPRETER] in (root / PAGE).read_text(encoding="utf-8")
    assert path.read_bytes() == f'"{INTERPRETER}","{settings[INTERPRETER]}"\r\n'.encode()


def test_the_page_names_every_restriction_that_is_looked_at(root: Path) -> None:
    page = (root / PAGE).read_text(encoding="utf-8")
    for each in (*machine.RESTRICTIONS, machine.MACROS, machine.ONLY_MANAGED):
        assert f"`{each.key}`" in page
        assert f"`{each.name}`" in page or f"`{each.name}` = {'、'.join(sorted(each.values))}" in page


def test_the_sample_sets_what_is_looked_at(root: Path) -> None:
    policy = rf"HKCU\{machine.POLICIES}\{machine.VERSIONS[0]}"
    for key, values in keys_of((root / SAMPLE).read_bytes()).items():
        assert key.startswith(policy)
        own = key.removeprefix(policy + "\\")
        assert own in {machine.MANAGED, machine.LOCATIONS, rf"{machine.LOCATIONS}\Location1", r"Excel\Options"}
        assert values


@pytest.mark.parametrize(
    "text",
    [
        "REGEDIT4\r\n",
        'Windows Registry Editor Version 5.00\r\n"x"="y"\r\n',
        "Windows Registry Editor Version 5.00\r\n[HKCU\\x]\r\n",
        "Windows Registry Editor Version 5.00\n",
        'Windows Registry Editor Version 5.00\r\n[HKEY_CURRENT_USER\\x]\r\n"a"="c:\\x"y"\r\n',
        'Windows Registry Editor Version 5.00\r\n[HKEY_CURRENT_USER\\x]\r\n"a"=dword:1\r\n',
    ],
)
def test_a_file_that_regedit_would_not_read_is_noticed(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the line
        keys_of(text.encode())
