"""Makes the folder that staff install from: the installer, the list of packages, scripts that fetch them."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

from workbook import __version__
from workbook.files import save
from xlplugin.addin.install import InstallError, require_extra
from xlplugin.addin.runtime import read_runtime, unpack
from xlplugin.addin.wheels import PYTHON, PYTHON_LIST, python_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WINDOWS = {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"}
"""What the markers of requirements are answered with: the machine that the folder is for."""

_SCRIPTS = Path(__file__).parent
_DOWNLOAD = (
    "-m pip download --only-binary=:all: --platform win_amd64 --python-version {python} -d wheels -r requirements.txt"
)
_SHELL = """#!/bin/sh
set -eu
cd "$(dirname "$0")"
python3 -I {download}
python3 -I wheels.py write {version}
"""
_PYTHON = "3.11"
_INSTALL_PYTHON = "装好 Python {python} 以上版本（64 位，从 python.org 下载；Microsoft Store 的不能用）。"
_OTHER_PYTHON = "目标电脑的 Python 不是这个版本时，把脚本里的 {python} 改成它的版本，如 3.12。"
_BRINGS_PYTHON = """Python 不用另装：python 文件夹里的 Python {python} 会复制到用户文件夹里。
   它的每个文件都与 python.txt 核对；不要从那里直接运行它，也不要增减文件。"""
_SAME_PYTHON = "一起带上的就是它，不要改。"
_README = """年报工具箱 {version} 安装文件夹

一、在能上网的电脑上准备（一次）
1. 把 nianbao-{version}-py3-none-any.whl 放进 wheels 文件夹。
2. Windows 上双击 download.cmd，Linux 上运行 sh download.sh：其余程序包下载到 wheels 文件夹，
   全部程序包的校验值写进 hashes.txt。wheels 文件夹里以后有增减，再运行一次。
   程序包是给 Python {python} 的。{other_python}

二、在办公电脑上安装（不需要网络和管理员权限）
要求：Windows 10 或更新的版本（64 位），Excel 2010 或更新的版本（32 位、64 位都可以）。
1. {install_python}
2. 把整个文件夹复制过去，关闭 Excel，双击 install.cmd。只安装 hashes.txt 里列出的程序包，
   不连网络；少了、多了、变了的，不安装并说明。下载时和安装时显示的清单校验值应当相同。
3. 打开 Excel，功能区出现“政务公开年报”选项卡。

三、卸载
运行 %LOCALAPPDATA%\\nianbao\\venv\\Scripts\\nianbao.exe addin remove，再删除 %LOCALAPPDATA%\\nianbao 文件夹。
"""


def bundle(folder: Path, *, python: Path | None = None, force: bool = False) -> list[Path]:
    """Write the folder and return its files.

    Args:
        folder: where to.
        python: a NuGet package ``python``, to be brought along for machines without Python.
        force: whether files that are there are written over.

    Raises:
        InstallError: the packages to be listed are not installed here, or the Python cannot be used, or one is there.
        FileExistsError: one of the files is there already, and ``force`` is not given.
        OSError: it cannot be written.
    """
    require_extra("xlwings", "packaging")
    own, listed = folder / PYTHON, folder / PYTHON_LIST
    if there := [path for path in (own, listed) if path.exists()]:
        raise InstallError(f"已经有 {there[0]}，是从前放进去的 Python 的。请先删除它，或换一个安装文件夹。")
    runtime = read_runtime(python) if python else None
    version = runtime.version if runtime else _PYTHON
    download = _DOWNLOAD.format(python=version)
    told = (_BRINGS_PYTHON, _SAME_PYTHON) if runtime else (_INSTALL_PYTHON, _OTHER_PYTHON)
    install_python, other_python = (text.format(python=version) for text in told)
    readme = _README.format(
        version=__version__, python=version, install_python=install_python, other_python=other_python
    )
    filled = {"{find-python}": _text("find-python.cmd"), "{download}": download, "{version}": __version__}
    files = {
        **{name: _crlf(_text(name, filled)) for name in ("install.cmd", "download.cmd")},
        "wheels.py": _text("wheels.py").encode(),
        "requirements.txt": "".join(f"{line}\n" for line in requirements(version)).encode(),
        "download.sh": _SHELL.format(download=download, version=__version__).encode(),
        "先读我.txt": b"\xef\xbb\xbf" + _crlf(readme),
    }
    present = [name for name in files if (folder / name).exists()]
    if present and not force:
        raise FileExistsError(str(folder / present[0]))
    (folder / "wheels").mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        save(folder / name, data, force=force)
    if runtime:
        unpack(runtime, own)
        save(listed, python_list({name: hashlib.sha256(data).hexdigest() for name, data in runtime.files.items()}))
    return [folder / name for name in (*files, *([PYTHON, PYTHON_LIST] if runtime else []))]


def requirements(python: str = _PYTHON) -> list[str]:
    """Return every package that Windows needs beside our own, as pip writes them; of the versions in use here.

    Args:
        python: the version of Python there.
    """
    from packaging.utils import canonicalize_name

    found: dict[str, str] = {}
    there = WINDOWS | {"python_version": python, "python_full_version": f"{python}.0"}
    for name, line in _needed("nianbao", "excel", there, set()):
        if "==" not in found.get(name, ""):
            found[name] = line
    found.pop(canonicalize_name("nianbao"), None)
    return [found[name] for name in sorted(found)]


def _needed(name: str, extra: str, there: Mapping[str, str], seen: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield a package and what it requires on the machine that markers are answered with, by canonical name."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    if (name, extra) in seen:
        return
    seen.add((name, extra))
    try:
        package = distribution(name)
    except PackageNotFoundError:
        return
    yield canonicalize_name(name), f"{name}=={package.version}"
    for line in package.requires or ():
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate({**there, "extra": extra}):
            plain = canonicalize_name(wanted.name)
            yield plain, f"{wanted.name}{wanted.specifier}"
            for inner in ("", *sorted(wanted.extras)):
                yield from _needed(plain, inner, there, seen)


def _text(name: str, filled: Mapping[str, str] | None = None) -> str:
    """Return the text of a file that stands beside this one, with what stands for the words in braces."""
    text = (_SCRIPTS / name).read_text(encoding="utf-8").replace("\r\n", "\n")
    for word, said in (filled or {}).items():
        text = text.replace(word, said)
    return text


def _crlf(text: str) -> bytes:
    return text.replace("\r\n", "\n").replace("\n", "\r\n").encode()
