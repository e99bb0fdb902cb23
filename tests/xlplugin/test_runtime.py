"""The Python that the folder for staff brings along: taken whole from its package, never let out of its folder."""

from __future__ import annotations

import io
import shutil
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import workbook
from workbook.cli import main
from xlplugin.addin import runtime
from xlplugin.addin.bundle import bundle
from xlplugin.addin.install import InstallError
from xlplugin.addin.runtime import read_runtime
from xlplugin.addin.wheels import RefusedError, check_python
from xlplugin.addin.wheels import main as main_of_wheels


def program(machine: int = 0x8664) -> bytes:
    """Return the head of a program of Windows."""
    return b"MZ" + bytes(0x3A) + struct.pack("<I", 0x80) + bytes(0x40) + b"PE\0\0" + struct.pack("<H", machine)


SOUND: Mapping[str, bytes] = {
    "_rels/.rels": b"<x/>",
    "python.nuspec": b"<x/>",
    "tools/python.exe": program(),
    "tools/python312.dll": b"dll",
    "tools/Lib/venv/__init__.py": b"",
    "tools/Lib/ensurepip/__init__.py": b"",
    "tools/Lib/site-packages/pip-24.3.1.dist-info/licenses/AUTHORS%20and.txt": b"names",
    "[Content_Types].xml": b"<x/>",
}
EMBEDDED = {
    "python.exe": program(),
    "python312._pth": b"python312.zip\r\n.\r\n",
    "python312.zip": b"PK",
    "LICENSE": b"",
}


def packed(files: Mapping[str | zipfile.ZipInfo, bytes], path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def without(*names: str) -> dict[str | zipfile.ZipInfo, bytes]:
    return {name: data for name, data in SOUND.items() if name not in names}


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o120777 << 16
    return info


def everything(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_a_python_is_brought_along(tmp_path: Path) -> None:
    package = packed(dict(SOUND), tmp_path / "python.3.12.8.nupkg")
    folder = tmp_path / "安装"
    done = CliRunner().invoke(main, ["addin", "bundle", str(folder), "--python", str(package)])
    assert done.exit_code == 0, done.output
    assert "python" in done.output
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {name for name in files if name.startswith("python/")} == {
        "python/python.exe",
        "python/python312.dll",
        "python/Lib/venv/__init__.py",
        "python/Lib/ensurepip/__init__.py",
        "python/Lib/site-packages/pip-24.3.1.dist-info/licenses/AUTHORS and.txt",
    }
    assert (folder / "python/python.exe").read_bytes() == program()
    assert not (folder / "python.part").exists()
    for name in ("download.cmd", "download.sh"):
        assert "--python-version 3.12 " in (folder / name).read_text(encoding="utf-8")
    readme = (folder / "先读我.txt").read_text(encoding="utf-8-sig")
    assert "Python 不用另装：python 文件夹里的 Python 3.12" in readme
    assert check_python(folder) is not None
    for more in ([], ["--python", str(package)]):  # which Python is there then, nobody knows
        again = CliRunner().invoke(main, ["addin", "bundle", str(folder), "--force", *more])
        assert again.exit_code == 2
        assert "请先删除" in again.output


def test_a_list_left_alone_is_no_list_of_another_python(tmp_path: Path) -> None:
    package = packed(dict(SOUND), tmp_path / "x.nupkg")
    folder = tmp_path / "安装"
    bundle(folder, python=package)
    shutil.rmtree(folder / "python")
    with pytest.raises(InstallError, match=r"python\.txt"):
        bundle(folder, force=True)


def _cut(python: Path) -> None:
    (python / "python.exe").write_bytes(program()[:-1])


BREAKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "changed": (_cut, r"变了 1 个文件，如 python\.exe"),
    "missing": (lambda python: (python / "python312.dll").unlink(), r"缺 1 个文件，如 python312\.dll"),
    "added": (lambda python: (python / "Lib" / "site.py").write_bytes(b""), r"多出 1 个文件，如 Lib/site\.py"),
    "compiled": (
        lambda python: (python / "Lib" / "venv" / "__init__.pyc").write_bytes(b""), r"多出 1 个文件，如 Lib/venv"
    ),
    "another name": (lambda python: (python / "python312.dll").rename(python / "python312.dl_"), "缺 1 .*多出 1 "),
    "no folder": (shutil.rmtree, "没有 python 文件夹"),
    "no list": (lambda python: python.with_name("python.txt").unlink(), r"没有 python\.txt"),
    "no such list": (lambda python: python.with_name("python.txt").write_bytes(b"\xff\n"), "写得不对"),
    "nothing listed": (lambda python: python.with_name("python.txt").write_bytes(b""), "多出 5 个文件"),
}  # fmt: skip


@pytest.mark.parametrize("how", BREAKS)
def test_a_python_that_is_not_as_listed_is_not_used(
    how: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "安装"
    bundle(folder, python=packed(dict(SOUND), tmp_path / "x.nupkg"))
    told = check_python(folder)
    break_it, sentence = BREAKS[how]
    break_it(folder / "python")
    with pytest.raises(RefusedError, match=sentence):
        check_python(folder)
    for what in ("write", "check"):
        assert main_of_wheels([what, workbook.__version__], folder) == 1
        shown = capsys.readouterr().out
        assert "python" in shown
        assert told not in shown
    assert not (folder / "hashes.txt").exists()


def test_the_hash_of_its_list_is_told_when_downloading_and_when_installing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "安装"
    bundle(folder, python=packed(dict(SOUND), tmp_path / "x.nupkg"))
    (folder / "requirements.txt").write_bytes(b"")
    (folder / "wheels" / f"nianbao-{workbook.__version__}-py3-none-any.whl").write_bytes(b"kit")
    shown = []
    for what in ("write", "check"):
        assert main_of_wheels([what, workbook.__version__], folder) == 0
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1]
    assert f"python.txt 的校验值：{check_python(folder)}\n" in shown[0]
    bundle(tmp_path / "without")
    assert check_python(tmp_path / "without") is None


def test_without_one_staff_install_it(tmp_path: Path) -> None:
    bundle(tmp_path / "安装")
    readme = (tmp_path / "安装" / "先读我.txt").read_text(encoding="utf-8-sig")
    assert "装好 Python 3.11 以上版本（64 位，从 python.org 下载；Microsoft Store 的不能用）" in readme
    assert "Windows 10 或更新的版本（64 位）" in readme


REFUSED: dict[str, tuple[Mapping[str | zipfile.ZipInfo, bytes], str]] = {
    "embeddable": (dict(EMBEDDED), "嵌入式（embeddable）的 Python：没有 venv 和 pip"),
    "another package": (without("tools/python.exe"), r"没有 tools/python\.exe"),
    "no venv": (without("tools/Lib/venv/__init__.py"), "没有 tools/Lib/venv"),
    "no pip": (without("tools/Lib/ensurepip/__init__.py"), "没有 tools/Lib/ensurepip"),
    "no library": (without("tools/python312.dll"), "没有 tools/python3xx"),
    "empty": ({}, r"没有 tools/python\.exe"),
    "too old": ({**without("tools/python312.dll"), "tools/python310.dll": b""}, r"Python 3\.10，太低"),
    "32 bits": ({**SOUND, "tools/python.exe": program(0x14C)}, "不是 64 位"),
    "ARM": ({**SOUND, "tools/python.exe": program(0xAA64)}, "不是 64 位"),
    "no program": ({**SOUND, "tools/python.exe": b"MZ"}, "不是 64 位"),
    "up": ({**SOUND, "tools/../../evil.py": b""}, "不该有的文件名"),
    "up, escaped": ({**SOUND, "tools/%2e%2e/%2e%2e/evil.py": b""}, "不该有的文件名"),
    "up, backslashes": ({**SOUND, "tools\\..\\..\\evil.py": b""}, "不该有的文件名"),
    "root": ({**SOUND, "tools//evil.py": b""}, "不该有的文件名"),
    "drive": ({**SOUND, "tools/C:/evil.py": b""}, "不该有的文件名"),
    "drive, escaped": ({**SOUND, "tools/C%3A%5Cevil.py": b""}, "不该有的文件名"),
    "stream": ({**SOUND, "tools/python.exe:evil": b""}, "不该有的文件名"),
    "device": ({**SOUND, "tools/Lib/con.py": b""}, "不该有的文件名"),
    "link": ({**SOUND, link("tools/Lib/x"): b"/etc/passwd"}, "不该有的文件名"),
    "twins": ({**SOUND, "tools/PYTHON.EXE": b""}, "已损坏"),
    "file and folder": ({**SOUND, "tools/lib": b""}, "既是文件又是文件夹"),
    "bomb": ({**SOUND, "tools/Lib/x": bytes(2 * 2**20)}, "压缩比"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_such_package_is_refused_and_nothing_written(name: str, tmp_path: Path) -> None:
    files, sentence = REFUSED[name]
    package = packed(files, tmp_path / "x.nupkg")
    before = everything(tmp_path)
    with pytest.raises(InstallError, match=sentence):
        bundle(tmp_path / "安装", python=package)
    done = CliRunner().invoke(main, ["addin", "bundle", str(tmp_path / "安装"), "--python", str(package)])
    assert done.exit_code == 2
    assert everything(tmp_path) == before


def test_limits_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = packed(dict(SOUND), tmp_path / "x.nupkg")
    size = sum(map(len, SOUND.values()))
    for name, at in (("MEMBERS", len(SOUND)), ("CONTENT", size), ("PACKED", package.stat().st_size)):
        monkeypatch.setattr(runtime, name, at)
        read_runtime(package)
        monkeypatch.setattr(runtime, name, at - 1)
        with pytest.raises(InstallError):
            read_runtime(package)
        monkeypatch.undo()


def test_what_is_no_package_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "python-3.12.8-amd64.exe").write_bytes(program())
    whole = packed(dict(SOUND), tmp_path / "x.nupkg").read_bytes()
    (tmp_path / "cut.nupkg").write_bytes(whole[: len(whole) // 2])
    with zipfile.ZipFile(tmp_path / "changed.nupkg", "w") as archive:
        for each, data in SOUND.items():
            archive.writestr(each, data)
    stored = (tmp_path / "changed.nupkg").read_bytes()
    read_runtime(tmp_path / "changed.nupkg")
    (tmp_path / "changed.nupkg").write_bytes(stored.replace(b"names", b"nomes"))
    for name in ("python-3.12.8-amd64.exe", "cut.nupkg", "changed.nupkg", "no such.nupkg"):
        with pytest.raises(InstallError, match="读不出来"):
            read_runtime(tmp_path / name)


def test_an_interrupted_run_leaves_no_half_python(tmp_path: Path) -> None:
    package = packed(dict(SOUND), tmp_path / "x.nupkg")
    folder = tmp_path / "安装"
    (folder / "python.part" / "Lib").mkdir(parents=True)
    (folder / "python.part" / "Lib" / "old.py").write_bytes(b"")
    bundle(folder, python=package)
    assert not (folder / "python.part").exists()
    assert not (folder / "python" / "Lib" / "old.py").exists()


@given(st.text(alphabet=st.sampled_from("ab./\\:%2e5cC*"), max_size=24))
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(f"tools/{name}", b"")
    with zipfile.ZipFile(stream) as archive:
        try:
            (inner,) = [inner for inner, _ in runtime._files(archive, "x")] or [""]
        except InstallError:
            return
    assert not {"..", ""} & set(inner.split("/")) or inner == ""
    assert not set(inner) & set('\\:*?"<>|')
