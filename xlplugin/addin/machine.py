r"""What the add-in depends on in Windows: the library beside Python, where that Python is from, what Excel is told.

Keys of policies: the administrative templates of Office (excel16.admx, office16.admx). An item of ``DisabledItems`` is
a number, two lengths, the path and a name in UTF-16.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Any

from xlplugin.addin.definition import load_definition
from xlplugin.addin.diagnose import AGAIN, XLWINGS, Fact
from xlplugin.addin.install import ADDIN, INTERPRETER, Places, expanded, read_settings
from xlplugin.excel import WPS

VERSIONS = ("16.0", "15.0", "14.0")
"""Excel 2016 and later, 2013, 2010."""

OFFICE = r"Software\Microsoft\Office"
POLICIES = r"Software\Policies\Microsoft\Office"
SECURITY = r"Excel\Security"
LOCATIONS = r"Excel\Security\Trusted Locations"
RESILIENCY = r"Excel\Resiliency"
MANAGED = r"Excel\Resiliency\AddinList"
COMMON_LOCATIONS = r"Common\Security\Trusted Locations"
OWN_LOCATIONS = "Allow User Locations"

ROOTS = (rf"HKCU\{POLICIES}", rf"HKLM\{POLICIES}", rf"HKCU\{OFFICE}", rf"HKLM\{OFFICE}")
"""Where a restriction may stand: those of the administrator, and what was chosen in Excel itself."""

MODULES = ("pythoncom", "pywintypes", "win32com.client")
"""What xlwings takes of pywin32."""

_STORE = re.compile(r"\\windowsapps\\|pythonsoftwarefoundation\.python", re.IGNORECASE)
_WPS_PROGRAMS = {"et.exe", "wps.exe", "ksolaunch.exe"}
_ASK = "在“文件—选项—信任中心—信任中心设置”里取消；灰色改不了的是单位的策略，请管理员照《统一安装》处理。"
_PATIENCE = 60  # seconds


@dataclass(frozen=True)
class Restriction:
    """A setting of Office that keeps the add-in from running: where it stands, the values that do so, what it means."""

    key: str
    name: str
    values: frozenset[str]
    means: str


RESTRICTIONS = (
    Restriction(SECURITY, "DisableAllAddins", frozenset("1"), "停用了全部加载项"),
    Restriction(SECURITY, "RequireAddinSig", frozenset("1"), "只许有签名的加载项"),
    Restriction(r"Common\Security", "RequireAlwaysOnMacroSig", frozenset("1"), "自动打开的加载项要有签名"),
    Restriction("Common", "VBAOff", frozenset("1"), "停用了 VBA"),
    Restriction(LOCATIONS, "AllLocationsDisabled", frozenset("1"), "停用了全部受信任位置"),
    Restriction(MANAGED, ADDIN, frozenset("0"), "禁止了这个加载项"),
)
MACROS = Restriction(SECURITY, "VBAWarnings", frozenset("34"), "停用了没有签名的宏")
"""Holds outside trusted locations alone."""
ONLY_MANAGED = Restriction(RESILIENCY, "RestrictToList", frozenset("1"), "只许名单里的加载项")


class Registry:
    """The registry of Windows, to be read.

    Args:
        winreg: the module of the standard library, or what has its calls.
    """

    def __init__(self, winreg: Any) -> None:
        self._winreg = winreg
        self._hives = {
            "HKCU": winreg.HKEY_CURRENT_USER,
            "HKLM": winreg.HKEY_LOCAL_MACHINE,
            "HKCR": winreg.HKEY_CLASSES_ROOT,
        }

    def values(self, key: str) -> dict[str, Any]:
        """Return the values of a key by their names in lower case; none of one that is missing or may not be read.

        Of the views for 32 bits and for 64 bits the latter comes first.
        """
        found: dict[str, Any] = {}
        for opened in self._views(key):
            with suppress(OSError):
                for index in range(self._winreg.QueryInfoKey(opened)[1]):
                    name, value, _ = self._winreg.EnumValue(opened, index)
                    found.setdefault(name.lower(), value)
        return found

    def below(self, key: str) -> list[str]:
        """Return the names of the keys below a key."""
        found: dict[str, None] = {}
        for opened in self._views(key):
            with suppress(OSError):
                for index in range(self._winreg.QueryInfoKey(opened)[0]):
                    found.setdefault(self._winreg.EnumKey(opened, index))
        return list(found)

    def _views(self, key: str) -> Iterator[Any]:
        hive, _, path = key.partition("\\")
        for view in (self._winreg.KEY_WOW64_64KEY, self._winreg.KEY_WOW64_32KEY):
            access = self._winreg.KEY_READ | view
            with suppress(OSError), self._winreg.OpenKey(self._hives[hive], path, 0, access) as opened:
                yield opened


def registry() -> Registry | None:
    """Return the registry of this machine; ``None`` where it is not Windows."""
    if sys.platform == "win32":
        import winreg

        return Registry(winreg)
    return None


def facts(at: Places, registry: Registry, environment: Mapping[str, str] = os.environ) -> list[Fact]:
    """Return what keeps Excel from starting the add-in, and the add-in from starting Python."""
    told = read_settings(at.configuration).get(INTERPRETER)
    python = Path(expanded(told, environment)) if told else None
    bits = excel_bits(registry)
    versions = installed_versions(registry)
    own = [library(python, bits), _pywin32(python)] if python and python.is_file() else []
    return [
        *own,
        source([str(python or ""), _home(python)], environment),
        owner(registry),
        *([Fact(load_definition().texts["bits"], bits, good=True)] if bits else []),
        disabled(registry, versions),
        *restrictions(registry, versions, trusted(registry, versions, str(at.addin.parent), environment)),
    ]


def inside(registry: Registry) -> list[Fact]:
    """Return what matters of it where the add-in runs and has started this very Python."""
    return [source([sys.executable, sys.base_prefix], os.environ), owner(registry)]


def library(python: Path, bits: str = "") -> Fact:
    """Say whether the library that the VBA loads lies beside an interpreter, or a folder higher.

    Args:
        python: the interpreter.
        bits: those of Excel, "64" or "32"; where that is not known, both are looked for.
    """
    folders = (python.parent, python.parent.parent)
    wanted = [f"xlwings{each}-{XLWINGS}.dll" for each in ([bits] if bits else ["64", "32"])]
    missing = [name for name in wanted if not any((folder / name).is_file() for folder in folders)]
    there = sorted({path.name for folder in folders for path in folder.glob("xlwings*.dll")})
    texts = load_definition().texts
    if not missing:
        return Fact(texts["library"], "、".join(wanted), good=True)
    found = f"缺 {'、'.join(missing)}" + (f"，只有 {'、'.join(there)}" if there else "")
    other = any(XLWINGS not in name for name in there)
    return Fact(texts["library"], found, good=False, remedy=texts["other_library" if other else "no_library"])


def fails_to_import(python: Path, modules: tuple[str, ...] = MODULES) -> str:
    """Return why an interpreter cannot import modules, in the last line that it says; nothing where it can."""
    command = [str(python), "-I", "-X", "utf8", "-c", f"import {', '.join(modules)}"]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=_PATIENCE)  # noqa: S603 - the user's own
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    said = done.stderr.decode(errors="replace").strip().splitlines()
    return (said[-1] if said else f"{done.returncode}") if done.returncode else ""


def _pywin32(python: Path) -> Fact:
    reason = fails_to_import(python)
    return Fact("pywin32", reason or "可用", not reason, f"加载项用的 Python 里 pywin32 不能用。{AGAIN}")


def source(paths: list[str], environment: Mapping[str, str]) -> Fact:
    r"""Say whether Python is Microsoft Store's, whose files under ``AppData`` lie where Excel does not see them.

    Args:
        paths: of the interpreter and of what it was made from.
        environment: tells where such files are kept: ``Packages\…\LocalCache``.
    """
    local = environment.get("LOCALAPPDATA")
    pattern = f"Packages/PythonSoftwareFoundation.Python*/LocalCache/Roaming/Microsoft/Excel/XLSTART/{ADDIN}"
    hidden = [str(path) for path in Path(local).glob(pattern)] if local else []
    found = next((path for path in [*paths, *hidden] if _STORE.search(path.replace("/", "\\"))), "")
    remedy = (
        "这是 Microsoft Store（微软应用商店）的 Python：它写进 AppData 的文件 Excel 看不到。"
        "请从 python.org 安装 64 位的 Python 3.11 以上版本，重新运行 install.cmd；应用商店的那个可以卸载。"
    )
    return Fact("Python 的来源", found or "不是 Microsoft Store 的", not found, remedy)


def _home(python: Path | None) -> str:
    """Return the folder of the interpreter that a virtual environment was made from."""
    if python is None:
        return ""
    with suppress(OSError):
        text = (python.parent.parent / "pyvenv.cfg").read_text(encoding="utf-8", errors="replace")
        if match := re.search(r"(?m)^home\s*=\s*(.*)$", text):
            return match[1].strip() + "\\"
    return ""


def owner(registry: Registry) -> Fact:
    """Say which program starts where ``Excel.Application`` is asked for."""
    name = "Excel.Application"
    identity = registry.values(rf"HKCR\{name}\CLSID").get("", "")
    server = str(registry.values(rf"HKCR\CLSID\{identity}\LocalServer32").get("", "")) if identity else ""
    if not server:
        return Fact(
            name, "没有登记", good=False, remedy="没有找到 Microsoft Excel。请安装；已装的，运行 Office 的“快速修复”。"
        )
    program = re.match(r'\s*"?(.+?\.exe)\b', server, re.IGNORECASE)
    path = program[1] if program else server
    theirs = any(mark in path.lower() for mark in WPS) or PureWindowsPath(path).name.lower() in _WPS_PROGRAMS
    remedy = (
        "WPS 占用了 Excel 的登记。请关闭 WPS 和 Excel，在“WPS 配置工具—高级—兼容设置”里取消与 Microsoft Office "
        "的兼容选项，再运行 Office 的“快速修复”。"
    )
    return Fact(name, path, not theirs, remedy)


def excel_bits(registry: Registry) -> str:
    """Return "64" or "32", as the registry says; nothing where it does not."""
    said = registry.values(rf"HKLM\{OFFICE}\ClickToRun\Configuration").get("platform", "")
    for version in VERSIONS:
        said = said or registry.values(rf"HKLM\{OFFICE}\{version}\Outlook").get("bitness", "")
    return {"x64": "64", "x86": "32"}.get(str(said).lower(), "")


def installed_versions(registry: Registry) -> tuple[str, ...]:
    """Return the versions of Excel that are installed; where none says so, all that there may be."""
    found = tuple(each for each in VERSIONS if registry.values(rf"HKLM\{OFFICE}\{each}\Excel\InstallRoot"))
    return found or VERSIONS


def disabled(registry: Registry, versions: tuple[str, ...]) -> Fact:
    """Say whether Excel has put the add-in among its disabled items, as it does after a crash."""
    name = ADDIN.encode("utf-16-le")
    items = [
        value
        for version in versions
        for value in registry.values(rf"HKCU\{OFFICE}\{version}\{RESILIENCY}\DisabledItems").values()
        if isinstance(value, bytes) and name in value.lower()
    ]
    remedy = "在“文件—选项—加载项”下方的“管理”里选“禁用项目”，点“转到”，选中 nianbao.xlam，点“启用”，再重启 Excel。"
    return Fact("Excel 的禁用项目", f"有 {ADDIN}" if items else "没有本加载项", not items, remedy)


def trusted(
    registry: Registry, versions: tuple[str, ...], folder: str, environment: Mapping[str, str] = os.environ
) -> Fact:
    """Say whether a folder is one of Excel's trusted locations: its own, or one of a policy or of the user."""
    missing = [each for each in versions if not _covered(registry, each, folder, environment)]
    remedy = (
        f"这个文件夹不受信任，Excel 不运行里面的加载项，或每次都问。请管理员照《统一安装》把它设为受信任位置：{folder}"
    )
    return Fact("受信任的位置", folder, not missing, remedy)


def _covered(registry: Registry, version: str, folder: str, environment: Mapping[str, str]) -> bool:
    own = all(_set(registry, root, version, COMMON_LOCATIONS, OWN_LOCATIONS) != "0" for root in ROOTS[:2])
    if own and PureWindowsPath(folder.replace("/", "\\")).name.upper() == "XLSTART":
        return True
    for root in ROOTS if own else ROOTS[:2]:
        key = rf"{root}\{version}\{LOCATIONS}"
        for name in registry.below(key):
            location = registry.values(rf"{key}\{name}")
            path = expanded(str(location.get("path", "")), environment).rstrip("\\")
            deep = str(location.get("allowsubfolders", 0)) == "1"
            inner = PureWindowsPath(folder)
            if path and (inner == PureWindowsPath(path) or (deep and inner.is_relative_to(path))):
                return True
    return False


def restrictions(registry: Registry, versions: tuple[str, ...], location: Fact) -> list[Fact]:
    """Return the settings that keep the add-in from running, and whether its folder is trusted."""
    looked = (*RESTRICTIONS, *(() if location.good else (MACROS,)))
    found = [
        Fact(
            "Office 的限制",
            rf"{each.means}：{root}\{version}\{each.key}，{each.name} = {value}",
            good=False,
            remedy=_ASK,
        )
        for version in versions
        for root in ROOTS
        for each in (*looked, *(() if _listed(registry, root, version) else (ONLY_MANAGED,)))
        if (value := _set(registry, root, version, each.key, each.name)) in each.values
    ]
    return [location, *(found or [Fact("Office 的限制", "没有", good=True)])]


def _listed(registry: Registry, root: str, version: str) -> bool:
    return _set(registry, root, version, MANAGED, ADDIN) in {"1", "2"}


def _set(registry: Registry, root: str, version: str, key: str, name: str) -> str:
    return str(registry.values(rf"{root}\{version}\{key}").get(name.lower(), ""))
