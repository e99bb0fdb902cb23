"""The Python that the folder for staff brings along: that of a NuGet package ``python``, which has venv and pip.

What the package holds: https://docs.python.org/3/using/windows.html#the-nuget-org-packages.
"""

from __future__ import annotations

import io
import re
import shutil
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from workbook.intake.archive import ARCHIVE_ERRORS, vet_directory
from workbook.jobs.names import is_fit
from workbook.report import Unreadable
from xlplugin.addin.install import InstallError

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMBERS, CONTENT, PACKED = 20_000, 500 * 2**20, 100 * 2**20
"""Parts, bytes inflated and bytes of a package: well above what a Python without its tests has."""

_TOOLS = "tools/"
_NEEDED = ("python.exe", "Lib/venv/__init__.py", "Lib/ensurepip/__init__.py")
_LIBRARY = re.compile(r"python3(\d\d)\.dll", re.IGNORECASE)
_EMBEDDED = re.compile(r"python3\d+\._pth", re.IGNORECASE)
_OLDEST = 11
_X64 = 0x8664
_WANTED = "请用 NuGet 的 python 程序包（python.版本.nupkg，64 位）。"


@dataclass(frozen=True)
class Runtime:
    """A Python for Windows: its version, such as ``3.12``, and its files by their paths."""

    version: str
    files: dict[str, bytes]


def read_runtime(path: Path) -> Runtime:
    """Return the Python of a package.

    Raises:
        InstallError: it is something else, or of 32 bits, too old, damaged, beyond a limit, or leads out of its folder.
    """
    try:
        if path.stat().st_size > PACKED:
            raise InstallError(f"{path.name} 超过 {PACKED // 2**20} MB，不是 Python 的程序包。{_WANTED}")
        data = path.read_bytes()
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            vet_directory(archive.infolist(), path.name, members=MEMBERS, content=CONTENT)
            _refuse_embedded(archive.namelist(), path.name)
            files = dict(_files(archive, path.name))
    except Unreadable as error:
        raise InstallError("\n".join(finding.message() for finding in error.findings)) from error
    except ARCHIVE_ERRORS as error:
        reason = getattr(error, "strerror", None) or error
        raise InstallError(f"{path.name} 读不出来（{reason}）。{_WANTED}") from error
    folders = {str(folder).lower() for name in files for folder in PurePosixPath(name).parents}
    if found := next((name for name in files if name.lower() in folders), None):
        raise InstallError(f"{path.name} 里的“{found}”既是文件又是文件夹，没有解压。{_WANTED}")
    return Runtime(f"3.{_minor(files, path.name)}", files)


def unpack(runtime: Runtime, folder: Path) -> None:
    """Write the files of a Python into a folder that is not there yet, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    unfinished = folder.with_name(f"{folder.name}.part")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    for name, data in runtime.files.items():
        target = unfinished / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    unfinished.rename(folder)


def _refuse_embedded(names: list[str], file: str) -> None:
    if any(_EMBEDDED.fullmatch(name) for name in names):
        raise InstallError(f"{file} 是嵌入式（embeddable）的 Python：没有 venv 和 pip，装不了程序包。{_WANTED}")


def _files(archive: zipfile.ZipFile, file: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files of Python by their paths below its folder."""
    for info in archive.infolist():
        name = unquote(info.filename).replace("\\", "/")
        if not name.startswith(_TOOLS) or name.endswith("/"):
            continue
        inner = name.removeprefix(_TOOLS)
        if stat.S_ISLNK(info.external_attr >> 16) or not all(map(is_fit, inner.split("/"))):
            raise InstallError(f"{file} 里有不该有的文件名“{name}”，没有解压。{_WANTED}")
        yield str(PurePosixPath(inner)), archive.read(info)


def _minor(files: dict[str, bytes], file: str) -> int:
    """Return the second number of the version of a Python that is whole, new enough and of 64 bits."""
    missing = [name for name in _NEEDED if name not in files]
    versions = [int(found[1]) for name in files if (found := _LIBRARY.fullmatch(name))]
    if missing or not versions:
        raise InstallError(f"{file} 里没有 tools/{(missing or ['python3xx.dll'])[0]}。{_WANTED}")
    if versions[0] < _OLDEST:
        raise InstallError(f"{file} 是 Python 3.{versions[0]}，太低，需要 3.{_OLDEST} 以上。{_WANTED}")
    if _machine(files["python.exe"]) != _X64:
        raise InstallError(f"{file} 不是 64 位（x64）的 Python，程序包只有 64 位的。{_WANTED}")
    return versions[0]


def _machine(program: bytes) -> int:
    """Return the kind of machine that a program of Windows is for, as its head says; 0 where it is no program."""
    start = int.from_bytes(program[0x3C:0x40], "little")
    head = program[start : start + 6]
    return int.from_bytes(head[4:6], "little") if program[:2] == b"MZ" and head[:4] == b"PE\0\0" else 0
