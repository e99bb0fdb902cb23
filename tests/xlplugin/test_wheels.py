"""The list of wheels: written from what was fetched, and nothing is installed but what it names, byte for byte."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import workbook
from xlplugin.addin.bundle import bundle, requirements
from xlplugin.addin.wheels import LIST, RefusedError, about, check, main, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

VERSION = "1.2.3"
KIT = f"nianbao-{VERSION}-py3-none-any.whl"
CLICK = "click-8.1.7-py3-none-any.whl"
ODD = "Odd.Name_two-2!1.0+local.1-1-cp311-cp311-win_amd64.whl"


def wheel(path: Path, needs: str = "") -> None:
    """Write a wheel that holds one module and says what it needs."""
    name, version = path.name.split("-")[:2]
    about = f"{name}-{version}.dist-info"
    extra = f"Provides-Extra: excel\nRequires-Dist: {needs}\n" if needs else ""
    files = {
        f"{name}_module.py": "",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{extra}",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{about}/RECORD"] = "".join(f"{each},,\n" for each in [*files, f"{about}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for each, text in files.items():
            archive.writestr(each, text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to install from, as it is after downloading."""
    (tmp_path / "wheels").mkdir()
    wheel(tmp_path / "wheels" / KIT, needs="click; extra == 'excel'")
    wheel(tmp_path / "wheels" / CLICK)
    (tmp_path / "wheels" / ODD).write_bytes(b"odd")
    (tmp_path / "requirements.txt").write_text("click==8.1.7\nodd-name.two>=1\n", encoding="utf-8")
    return tmp_path


def test_every_wheel_stands_in_the_list_with_its_hash(folder: Path) -> None:
    told = write(folder, VERSION)
    lines = (folder / LIST).read_text(encoding="utf-8").splitlines()
    assert [line.split(" ")[0] for line in lines] == ["click==8.1.7", "nianbao==1.2.3", "odd-name-two==2!1.0+local.1"]
    assert all(line.count(" --hash=sha256:") == 1 for line in lines)
    assert check(folder, VERSION) == told
    (folder / "wheels" / "click-8.1.7-py2-none-any.whl").write_bytes(b"another")
    write(folder, VERSION)
    assert (folder / LIST).read_text(encoding="utf-8").splitlines()[0].count(" --hash=sha256:") == 2
    check(folder, VERSION)


def _remove(folder: Path) -> None:
    for path in (folder / "wheels").iterdir():
        path.unlink()
    (folder / "wheels").rmdir()


def _change(folder: Path) -> None:
    path = folder / "wheels" / CLICK
    path.write_bytes(path.read_bytes() + b"\0")


BREAKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no folder": (_remove, "没有 wheels 文件夹"),
    "no list": (lambda folder: (folder / LIST).unlink(), "没有 hashes.txt"),
    "changed": (_change, f"{CLICK} 与清单不符"),
    "added": (lambda folder: wheel(folder / "wheels" / "evil-1.0-py3-none-any.whl"), "多出 evil-1.0-py3-none-any.whl"),
    "another": (lambda folder: wheel(folder / "wheels" / "click-9.0-py3-none-any.whl"), "多出 click-9.0"),
    "no wheel": (lambda folder: (folder / "wheels" / "a.exe").write_bytes(b""), "a.exe 不是程序包"),
    "missing": (lambda folder: (folder / "wheels" / CLICK).unlink(), "缺 click==8.1.7"),
    "an option in the list": (
        lambda folder: (folder / LIST).write_bytes((folder / LIST).read_bytes() + b"--index-url http://x\n"),
        "hashes.txt 写得不对",
    ),
    "no hash in the list": (lambda folder: (folder / LIST).write_bytes(b"click==8.1.7\n"), "hashes.txt 写得不对"),
    "no text": (lambda folder: (folder / LIST).write_bytes(b"\xff\xfe\0"), "hashes.txt 写得不对"),
}


@pytest.mark.parametrize("how", BREAKS)
def test_what_is_not_as_listed_is_refused_in_a_sentence(
    folder: Path, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, VERSION)
    break_it, sentence = BREAKS[how]
    break_it(folder)
    with pytest.raises(RefusedError, match=sentence):
        check(folder, VERSION)
    assert main(["check", VERSION], folder) == 1
    assert sentence in capsys.readouterr().out


def test_the_kit_of_another_version_is_refused(folder: Path) -> None:
    write(folder, VERSION)
    with pytest.raises(RefusedError, match=r"缺 nianbao==9\.9"):
        check(folder, "9.9")
    with pytest.raises(RefusedError, match=r"缺 nianbao-9\.9"):
        write(folder, "9.9")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("click-9.0-py3-none-any.whl", r"click 有几个版本（8\.1\.7、9\.0）"),
        ("click-8.1.7.tar.gz", "不是程序包"),
        ("a b-1-py3-none-any.whl", "不是程序包"),
        ("a--1.whl", "不是程序包"),
    ],
)
def test_what_cannot_be_listed_is_refused_before_anything_is_written(folder: Path, name: str, sentence: str) -> None:
    (folder / "wheels" / name).write_bytes(b"")
    with pytest.raises(RefusedError, match=sentence):
        write(folder, VERSION)
    assert not (folder / LIST).exists()


def test_a_package_that_was_not_fetched_is_named(folder: Path) -> None:
    (folder / "wheels" / CLICK).unlink()
    with pytest.raises(RefusedError, match="缺 click"):
        write(folder, VERSION)
    _remove(folder)
    with pytest.raises(RefusedError, match="没有 wheels 文件夹"):
        write(folder, VERSION)


@given(st.text(max_size=20), st.text(max_size=10))
def test_no_name_of_a_wheel_says_anything_else_in_the_list(name: str, version: str) -> None:
    found = about(f"{name}-{version}-py3-none-any.whl")
    assert found is None or not set(" \t\n\r\\#;@") & set("".join(found))


def _pip(folder: Path, site: Path) -> subprocess.CompletedProcess[bytes]:
    """Install as ``install.cmd`` does, elsewhere."""
    script = (folder / "安装" / "install.cmd").read_text(encoding="utf-8")
    (line,) = (line for line in script.splitlines() if "pip install" in line)
    arguments = line.partition("-I -m pip ")[2].partition(" ||")[0].split()
    command = [sys.executable, "-I", "-m", "pip", *arguments, "--target", str(site)]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False)


def test_pip_takes_what_is_listed_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    (folder / "wheels" / ODD).unlink()
    (folder / "requirements.txt").write_text("click==8.1.7\n", encoding="utf-8")
    bundle(folder / "安装")
    write(folder, VERSION)
    done = _pip(folder, tmp_path / "site")
    assert done.returncode == 0, done.stderr.decode()
    assert {path.name for path in (tmp_path / "site").glob("*.py")} == {"nianbao_module.py", "click_module.py"}
    _change(folder)
    assert _pip(folder, tmp_path / "other").returncode != 0
    assert not (tmp_path / "other").exists()


def test_the_bundled_script_stands_alone(tmp_path: Path) -> None:
    folder = tmp_path / "安装"
    bundle(folder)
    command = [sys.executable, "-I", "-W", "error", str(folder / "wheels.py")]
    refused = subprocess.run([*command, "check", workbook.__version__], capture_output=True, check=False, cwd=tmp_path)
    assert refused.returncode == 1
    assert "hashes.txt" in refused.stdout.decode()
    for line in requirements():
        name = line.split("=")[0].split(">")[0].split("<")[0].split("!")[0].strip()
        (folder / "wheels" / f"{name.replace('-', '_')}-1.0-py3-none-any.whl").write_bytes(name.encode())
    (folder / "wheels" / f"nianbao-{workbook.__version__}-py3-none-any.whl").write_bytes(b"kit")
    for what in ("write", "check"):
        done = subprocess.run([*command, what, workbook.__version__], capture_output=True, check=False, cwd=tmp_path)
        assert done.returncode == 0, done.stdout.decode()
    assert subprocess.run(command, capture_output=True, check=False).returncode == 2
