"""Writes and checks the list of the wheels that staff install from: every one, with its SHA-256.

The folder for staff has a copy of this file, which runs where nothing of the kit is installed yet. The list is what pip
reads with ``--require-hashes``; it says nothing but names, versions and hashes. A Python that is brought along has a
list of its files beside it. It runs this file itself: so what was damaged, left out or added on the way is found, and
who could have changed Python and its list is found by comparing the value that is told when downloading and installing.
"""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path

LIST = "hashes.txt"
PYTHON, PYTHON_LIST = "python", "python.txt"
"""The folder of the Python that is brought along, and the list of its files."""
_WHEELS, _NEEDED, _KIT = "wheels", "requirements.txt", "nianbao"

_WHEEL = re.compile(r"([A-Za-z0-9._]+)-([A-Za-z0-9.!+_]+)(?:-\d\w*)?-[\w.]+-[\w.]+-[\w.]+\.whl", re.ASCII)
"""https://packaging.python.org/specifications/binary-distribution-format/"""
_LINE = re.compile(r"([a-z0-9-]+)==([A-Za-z0-9.!+_]+)((?: --hash=sha256:[0-9a-f]{64})+)", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9._-]+")

_AGAIN = "请在能上网的电脑上运行 download.cmd，再把整个文件夹复制过来。"
_FILE = re.compile(r"([0-9a-f]{64})  (\S.*)")
_COPY_AGAIN = "请重新复制整个安装文件夹，并加入杀毒软件的信任区；还是这样，请管理员重新生成。"
_Listed = dict[tuple[str, str], set[str]]


class RefusedError(Exception):
    """The wheels are not what they should be; the text says why and what to do."""


def about(file: str) -> tuple[str, str] | None:
    """Return the plain name and the version that the name of a wheel says; ``None`` where it is no such name.

    >>> about("Odd.Name_two-1.0-py3-none-any.whl")
    ('odd-name-two', '1.0')
    """
    found = _WHEEL.fullmatch(file)
    return (_plain(found[1]), found[2]) if found else None


def write(folder: Path, version: str) -> str:
    """Write the list of the wheels of a folder, and return the hash of the list.

    Args:
        folder: where ``wheels`` and ``requirements.txt`` are.
        version: the kit's own.

    Raises:
        RefusedError: a package is missing or there in two versions, or something is no wheel.
        OSError: the folder cannot be read or written.
    """
    found, faults = _found(folder)
    versions: dict[str, list[str]] = {}
    for name, each in sorted(found):
        versions.setdefault(name, []).append(each)
    faults += [
        f"{name} 有几个版本（{'、'.join(some)}），只留一个。" for name, some in versions.items() if len(some) > 1
    ]
    needed = [_NAME.match(line) for line in (folder / _NEEDED).read_text(encoding="utf-8").splitlines()]
    faults += [f"缺 {name[0]}，没有下载到。" for name in needed if name and _plain(name[0]) not in versions]
    if (_KIT, version) not in found:
        faults.append(f"缺 {_KIT}-{version}-py3-none-any.whl，请放进 {_WHEELS} 文件夹。")
    if faults:
        raise RefusedError("\n".join([*faults, f"处理 {_WHEELS} 文件夹后，再运行 download.cmd。"]))
    lines = (
        f"{name}=={each}{''.join(f' --hash=sha256:{digest}' for digest in sorted(digests))}\n"
        for (name, each), digests in sorted(found.items())
    )
    data = "".join(lines).encode()
    (folder / LIST).write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def check(folder: Path, version: str) -> str:
    """Return the hash of the list of a folder, where the wheels are those of the list.

    Raises:
        RefusedError: one was changed, added or is missing, or the list says anything else.
        OSError: the folder cannot be read.
    """
    found, faults = _found(folder)
    if not (folder / LIST).is_file():
        raise RefusedError(f"没有 {LIST}。{_AGAIN}")
    data = (folder / LIST).read_bytes()
    listed = _listed(data)
    for key, digests in found.items():
        called = "==".join(key)
        if key not in listed:
            faults.append(f"多出 {_names(folder, key)}，清单里没有。")
        elif digests - listed[key]:
            faults.append(f"{_names(folder, key)} 与清单不符，下载或复制时坏了，或被换过。")
        elif listed[key] - digests:
            faults.append(f"缺 {called} 的一个程序包。")
    wanted = {(_KIT, version), *listed}
    faults += [f"缺 {'=='.join(key)}。" for key in sorted(wanted - found.keys())]
    if faults:
        raise RefusedError("\n".join([*faults, f"没有安装任何东西。{_AGAIN}"]))
    return hashlib.sha256(data).hexdigest()


def python_list(files: dict[str, str]) -> bytes:
    """Return the list of the files of a Python.

    Args:
        files: the SHA-256 of each, in hexadecimal digits, by their paths below its folder with slashes.
    """
    return "".join(f"{files[name]}  {name}\n" for name in sorted(files)).encode()


def check_python(folder: Path) -> str | None:
    """Return the hash of the list of the Python that is brought along, where its files are those of the list.

    ``None`` where none is brought along.

    Raises:
        RefusedError: a file was changed, added or is missing, or the list says anything else.
        OSError: the folder cannot be read.
    """
    own, path = folder / PYTHON, folder / PYTHON_LIST
    if not own.exists() and not path.exists():
        return None
    if not own.is_dir() or not path.is_file():
        raise RefusedError(f"没有 {PYTHON_LIST if own.is_dir() else f'{PYTHON} 文件夹'}。{_COPY_AGAIN}")
    data = path.read_bytes()
    lines = [_FILE.fullmatch(line) for line in data.decode(errors="replace").splitlines()]
    listed = {line[2]: line[1] for line in lines if line}
    if data != python_list(listed):
        raise RefusedError(f"{PYTHON_LIST} 写得不对。{_COPY_AGAIN}")
    found = {file.relative_to(own).as_posix(): _digest(file) for file in own.rglob("*") if not file.is_dir()}
    differing = {
        "缺": listed.keys() - found.keys(),
        "多出": found.keys() - listed.keys(),
        "变了": {name for name in listed.keys() & found.keys() if listed[name] != found[name]},
    }
    faults = [f"{word} {len(names)} 个文件，如 {min(names)}" for word, names in differing.items() if names]
    if faults:
        raise RefusedError(f"{PYTHON} 文件夹与清单不符：{'；'.join(faults)}。{_COPY_AGAIN}")
    return hashlib.sha256(data).hexdigest()


def main(arguments: list[str], folder: Path) -> int:
    """Write or check the list of a folder, say what came of it, and return the exit code."""
    if len(arguments) != 2 or arguments[0] not in {"write", "check"}:  # noqa: PLR2004 - what to do, and the version
        sys.stderr.write("wheels.py write|check VERSION\n")
        return 2
    what, version = arguments
    try:
        python = check_python(folder)
        told = write(folder, version) if what == "write" else check(folder, version)
    except (RefusedError, OSError) as error:
        _say(str(error))
        return 1
    if python:
        _say(f"Python 清单 {PYTHON_LIST} 的校验值：{python}")
    _say(f"程序包清单 {LIST} 的校验值：{told}")
    return 0


def _found(folder: Path) -> tuple[_Listed, list[str]]:
    """Return the hashes of the wheels that are there, by name and version, and what is no wheel."""
    found: _Listed = {}
    faults = []
    if not (folder / _WHEELS).is_dir():
        raise RefusedError(f"没有 {_WHEELS} 文件夹。{_AGAIN}")
    for path in sorted((folder / _WHEELS).iterdir()):
        key = about(path.name)
        if key is None or not path.is_file():
            faults.append(f"{path.name} 不是程序包（.whl），请移走。")
            continue
        found.setdefault(key, set()).add(_digest(path))
    return found, faults


def _listed(data: bytes) -> _Listed:
    """Return the hashes of a list, which says nothing else."""
    listed: _Listed = {}
    for line in data.decode(errors="replace").splitlines():
        said = _LINE.fullmatch(line)
        if said is None:
            raise RefusedError(f"{LIST} 写得不对。{_AGAIN}")
        listed.setdefault((said[1], said[2]), set()).update(re.findall(r"[0-9a-f]{64}", said[3]))
    return listed


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _names(folder: Path, key: tuple[str, str]) -> str:
    return "、".join(sorted(path.name for path in (folder / _WHEELS).iterdir() if about(path.name) == key))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _say(text: str) -> None:
    """Print in UTF-8, also where standard output is a file."""
    sys.stdout.flush()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parent))
