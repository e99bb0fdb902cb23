"""Whether everything stands ready for the add-in, and a plain remedy for each thing that does not."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import workbook
from workbook.excel.findings_sheet import RESULTS
from workbook.extras import install
from workbook.resources import resource, template_file
from xlplugin.addin.install import INTERPRETER, Places, expanded, odd_path, read_settings, version_of
from xlplugin.talk import SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlplugin.excel import Desk

FACT = "\x1e"
"""Behind every fact that VBA tells; its parts stand between separators."""

XLWINGS = "0.37.8"
"""The version of xlwings whose library the add-in's VBA loads by name."""

OLDEST = (3, 11)
"""The oldest Python that the kit runs on."""

AGAIN = "请重新运行 install.cmd（或 nianbao addin install），然后重启 Excel。"
VERSIONS_DIFFER = "加载项是 {addin} 版，Python 包是 {package} 版，两者要一致。" + AGAIN
NOT_EXCEL = (
    "这里不是 Microsoft Excel。加载项的按钮和 NB_ 函数只在 Windows 版 Excel 里可用，没有改动任何内容。\n"
    "在 WPS、LibreOffice 里：模板、自动合计、“校验”表和各表的结论照常可用；"
    "批量校验、转换、标色请用命令 nianbao check、convert、mark。"
)


@dataclass(frozen=True)
class Fact:
    """One thing that was looked at: what was found, whether it is as it should be, else what to do."""

    name: str
    found: str
    good: bool
    remedy: str = ""


def facts(desk: Desk | None, addin: str) -> list[Fact]:
    """Return what Python finds, in the order in which a person would put it right; VBA tells the rest.

    Args:
        desk: the workbook that is open; ``None`` where none is.
        addin: the version of the add-in.
    """
    added = Fact("加载项", addin, addin == workbook.__version__, AGAIN)
    return [*packages(), _xlwings(), added, *(_workbook(desk) if desk else [])]


def packages() -> list[Fact]:
    """Return what every command needs: Python, the package, its definitions and templates."""
    python = f"{sys.version.split()[0]}，{sys.executable}"
    names = [template_file(edition) for edition in workbook.editions()]
    missing = [name for name in names if not _there(name)]
    return [
        Fact("Python", python, sys.version_info >= OLDEST, "请安装 Python 3.11 以上版本，再运行 install.cmd。"),
        Fact("年报工具箱", workbook.__version__, good=True),
        Fact("版式", "、".join(workbook.editions()), bool(workbook.editions()), "安装不完整，请重新安装。"),
        Fact("模板", "齐全" if not missing else f"缺 {'、'.join(missing)}", not missing, "安装不完整，请重新安装。"),
    ]


def publication() -> list[Fact]:
    """Return what making PDFs needs: the libraries, which not everybody wants, and Chinese fonts."""
    from workbook.publish.pdf import fonts_found, libraries_lacking

    lacking = "、".join(libraries_lacking())
    if lacking:
        return [Fact("生成 PDF", f"没有安装 {lacking}；用到时在放安装文件的文件夹里运行 {install('pdf')}", good=True)]
    shown = [
        f"{kind}：{font}" + ("" if own else "（代用）") if font else f"{kind}：没有"
        for kind, (font, own) in fonts_found().items()
    ]
    there = all(font for font, _ in fonts_found().values())
    return [Fact("生成 PDF 的字体", "，".join(shown), there, "请安装中文字体；Linux 上可以安装 fonts-noto-cjk。")]


def installed(at: Places) -> list[Fact]:
    """Return what the add-in needs outside Excel: the file, its version, the interpreter that it is told."""
    found = version_of(at.addin)
    shown = {None: "没有安装", "": "不是本工具的文件"}.get(found, found or "")
    python = read_settings(at.configuration).get(INTERPRETER)
    path = expanded(python, os.environ) if python else ""
    odd, there = odd_path(path), bool(path) and Path(path).is_file()
    return [
        _xlwings(),
        Fact("加载项", f"{shown}，{at.addin}", found == workbook.__version__, AGAIN),
        Fact("加载项用的 Python", path or f"{at.configuration} 里没有写", there and not odd, odd or AGAIN),
    ]


def _xlwings() -> Fact:
    library = _version("xlwings")
    exact = f"请安装 {XLWINGS} 版：pip install xlwings=={XLWINGS}；加载项按这个版本找动态库。"
    return Fact("xlwings", library or "没有安装", library == XLWINGS, exact)


def _there(name: str) -> bool:
    try:
        return resource(name).is_file()
    except FileNotFoundError:
        return False


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _workbook(desk: Desk) -> list[Fact]:
    """Return what concerns the workbook: whether its file can be found from here, whether sheets can be added."""
    address = str(desk.book.api.FullName)
    cloud = "://" in address
    path = desk.path
    found = Fact(
        "工作簿位置",
        str(path) if path else (address if cloud else "还没有保存"),
        path is not None or not cloud,
        "文件在 OneDrive 或 SharePoint 上，找不到本机的对应文件夹。请另存到本机文件夹后再导出。",
    )
    fixed = bool(desk.book.api.ProtectStructure)
    structure = Fact(
        "工作簿结构",
        "设有保护" if fixed else "没有保护",
        not fixed,
        f"请在“审阅”里取消“保护工作簿”，否则不能加「{RESULTS}」表。",
    )
    return [found, structure]


def told_by_vba(facts: str) -> list[Fact]:
    """Return what VBA found out before Python was started: of each its name, what was found, and a remedy."""
    told = (fact.split(SEPARATOR) for fact in facts.split(FACT)[:-1])
    return [Fact(name, found, not remedy, remedy) for name, found, remedy in told]


def report(found: Sequence[Fact], at: Places | None = None) -> str:
    """Say what was found, what is not as it should be first; and the configuration in force, where ``at`` says."""
    bad = [fact for fact in found if not fact.good]
    head = f"有 {len(bad)} 项需要处理：" if bad else "一切就绪。"
    lines = [f"✗ {fact.name}：{fact.found}\n　　{fact.remedy}" for fact in bad]
    lines += [f"✓ {fact.name}：{fact.found}" for fact in found if fact.good]
    if at:
        settings = read_settings(at.configuration)
        lines.append(f"\n生效的配置（{at.configuration}）：")
        lines += [f"　　{key} = {value}" for key, value in settings.items()] or ["　　没有写，请运行 install.cmd。"]
    return "\n".join([head, "", *lines])


def about(addin: str) -> str:
    """Tell the versions and the editions of the form."""
    editions = "、".join(f"{name} 版（{workbook.load_form(name).authority}）" for name in workbook.editions())
    return (
        f"年报工具箱 {workbook.__version__}（加载项 {addin}）\n政府信息公开工作年度报告的填报、校验和转换\n\n"
        f"支持的版式：{editions}\n许可：MIT；含取自 xlwings（BSD-3-Clause）的 VBA 代码"
    )
