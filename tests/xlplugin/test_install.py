"""The add-in on a made-up Windows home: the right files, the right configuration, nothing else touched."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

import workbook
from workbook.cli import main
from xlplugin.addin.bundle import bundle, requirements
from xlplugin.addin.install import (
    InstallError,
    Places,
    expanded,
    install,
    places,
    read_settings,
    remove,
    shortened,
    version_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of a user who has other add-ins and other settings."""
    start = tmp_path / "用户" / "AppData" / "Roaming" / "Microsoft" / "Excel" / "XLSTART"
    start.mkdir(parents=True)
    (start / "PERSONAL.XLSB").write_bytes(b"mine")
    (tmp_path / "用户" / "Documents").mkdir()
    return tmp_path / "用户"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def files(home: Path) -> dict[str, bytes]:
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in home.rglob("*") if path.is_file()}


XLSTART = "AppData/Roaming/Microsoft/Excel/XLSTART/"


def test_install_status_remove(home: Path, root: Path) -> None:
    before = files(home)
    assert run("addin", "status", "--home", home).exit_code == 1
    done = run("addin", "install", "--home", home)
    assert done.exit_code == 0, done.output
    assert files(home) == before | {
        f"{XLSTART}nianbao.xlam": (root / "templates/nianbao.xlam").read_bytes(),
        ".nianbao/nianbao.conf": f'"INTERPRETER_WIN","{sys.executable}"\r\n'.encode(),
    }
    status = run("addin", "status", "--home", home)
    assert status.exit_code == 0
    assert "一切就绪" in status.output
    assert sys.executable in status.output
    assert run("addin", "remove", "--home", home).exit_code == 0
    assert files(home) == before
    assert not (home / ".nianbao").exists()
    assert "没有安装" in run("addin", "remove", "--home", home).output


def test_an_older_version_is_replaced_and_other_settings_are_kept(home: Path) -> None:
    at = places(home=home)
    install(at)
    older = at.addin.read_bytes()
    at.addin.write_bytes(rezipped(older, workbook.__version__, "0.0.1"))
    at.configuration.write_text(
        '"INTERPRETER_WIN","C:\\old\\python.exe"\r\n"SHOW CONSOLE","True"\r\n', encoding="utf-8"
    )
    assert version_of(at.addin) == "0.0.1"
    status = run("addin", "status", "--home", home)
    assert status.exit_code == 1
    assert "✗ 加载项：0.0.1" in status.output
    install(at)
    assert version_of(at.addin) == workbook.__version__
    assert read_settings(at.configuration) == {"INTERPRETER_WIN": sys.executable, "SHOW CONSOLE": "True"}
    remove(at)
    assert read_settings(at.configuration) == {"SHOW CONSOLE": "True"}


def rezipped(data: bytes, old: str, new: str) -> bytes:
    """Return an add-in that says that it is of another version."""
    import io
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(
                name, content.replace(old.encode(), new.encode()) if name == "docProps/core.xml" else content
            )
    return stream.getvalue()


@pytest.mark.parametrize("content", [b"PK\x05\x06" + bytes(18), b"not an add-in", b"", "damaged"])
def test_a_foreign_file_of_the_same_name_is_left_alone(content: bytes | str, home: Path, root: Path) -> None:
    if isinstance(content, str):
        whole = bytearray((root / "templates/nianbao.xlam").read_bytes())
        at = whole.index(b"docProps/core.xml") + len(b"docProps/core.xml")
        whole[at : at + 20] = b"\xff" * 20
        content = bytes(whole)
    foreign = home / XLSTART / "nianbao.xlam"
    foreign.write_bytes(content)
    before = files(home)
    for command in ("install", "remove"):
        refused = run("addin", command, "--home", home)
        assert refused.exit_code == 2
        assert "不是年报工具箱的加载项" in refused.output
    assert run("addin", "status", "--home", home).exit_code == 1
    assert files(home) == before


def test_a_managed_machine_chooses_the_folder(home: Path, tmp_path: Path) -> None:
    before = files(home)
    assert run("addin", "install", "--home", home, "--to", tmp_path / "共享").exit_code == 0
    assert (tmp_path / "共享" / "nianbao.xlam").is_file()
    assert files(home).keys() == before.keys() | {".nianbao/nianbao.conf"}
    assert run("addin", "status", "--home", home, "--to", tmp_path / "共享").exit_code == 0


def test_the_users_own_folders_are_used_without_home(
    monkeypatch: pytest.MonkeyPatch, home: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr(Path, "home", lambda: home)
    monkeypatch.setenv("APPDATA", str(tmp_path / "Roaming"))
    assert places() == Places(
        tmp_path / "Roaming/Microsoft/Excel/XLSTART/nianbao.xlam", home / ".nianbao" / "nianbao.conf"
    )
    monkeypatch.delenv("APPDATA")
    assert places().addin == home / XLSTART / "nianbao.xlam"


@pytest.mark.parametrize(
    ("path", "short"),
    [
        (
            r"C:\Users\张三\AppData\Local\nianbao\venv\Scripts\python.exe",
            r"%LOCALAPPDATA%\nianbao\venv\Scripts\python.exe",
        ),
        (r"C:\Users\张三\venv\Scripts\python.exe", r"%USERPROFILE%\venv\Scripts\python.exe"),
        (r"c:\users\张三\venv\Scripts\python.exe", r"%USERPROFILE%\venv\Scripts\python.exe"),
        (r"D:\Python311\python.exe", r"D:\Python311\python.exe"),
    ],
)
def test_the_users_name_is_kept_out_of_the_configuration(path: str, short: str) -> None:
    environment = {"LOCALAPPDATA": r"C:\Users\张三\AppData\Local", "USERPROFILE": r"C:\Users\张三"}
    assert shortened(path, environment) == short
    assert expanded(short, environment).lower() == path.lower()


def test_what_cannot_be_written_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = places(home=home)
    monkeypatch.setattr("xlplugin.addin.install.encoding", lambda: "ascii")
    before = files(home)
    with pytest.raises(InstallError, match="系统编码写不出的字"):
        install(at, "D:\\程序\\python.exe")
    assert files(home) == before
    assert not at.configuration.parent.exists()
    monkeypatch.undo()
    at.configuration.parent.write_bytes(b"a file where the folder should be")
    with pytest.raises(InstallError, match="写不进去"):
        install(at)


def test_a_missing_interpreter_is_noticed(home: Path) -> None:
    install(places(home=home), r"D:\gone\python.exe")
    status = run("addin", "status", "--home", home)
    assert status.exit_code == 1
    assert r"✗ 加载项用的 Python：D:\gone\python.exe" in status.output


def test_doctor_tells_of_the_add_in_only_where_there_is_excel(home: Path) -> None:
    told = run("doctor", "--home", home)
    assert told.exit_code == 0
    assert "加载项" not in told.output or sys.platform == "win32"
    assert sys.executable in told.output
    run("addin", "install", "--home", home)
    told = run("doctor", "--home", home)
    assert told.exit_code == 0
    assert "✓ 加载项" in told.output


def test_build_writes_the_add_in_of_the_repository(tmp_path: Path, root: Path) -> None:
    path = tmp_path / "x.xlam"
    assert run("addin", "build", "-o", path).exit_code == 0
    assert path.read_bytes() == (root / "templates/nianbao.xlam").read_bytes()
    assert run("addin", "build", "-o", path).exit_code == 2
    assert run("addin", "build", "-o", path, "--force").exit_code == 0


def test_the_folder_for_staff(tmp_path: Path) -> None:
    folder = tmp_path / "安装"
    assert run("addin", "bundle", folder).exit_code == 0
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "install.cmd", "requirements.txt", "download.cmd", "download.sh", "wheels.py", "先读我.txt", "wheels"
    }  # fmt: skip
    again = run("addin", "bundle", folder)
    assert again.exit_code == 2
    assert "--force" in again.output
    assert run("addin", "bundle", folder, "--force").exit_code == 0


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("安装")
    bundle(folder, force=True)
    return folder


@pytest.mark.parametrize("name", ["install.cmd", "download.cmd"])
def test_scripts_are_as_windows_reads_them(scripts: Path, name: str) -> None:
    script = (scripts / name).read_bytes()
    assert not script.startswith(b"\xef\xbb\xbf")
    assert b"\n" not in script.replace(b"\r\n", b"")
    lines = script.decode("utf-8").split("\r\n")
    assert not re.search(r"\{[a-z-]+\}", script.decode())
    page = next(number for number, line in enumerate(lines) if "chcp.com" in line)
    assert all(line.isascii() for line in lines[: page + 1])
    labels = {line[1:] for line in lines if line.startswith(":")}
    assert {word.split()[0] for line in lines for word in line.replace(")", " ").split("goto ")[1:]} <= labels
    assert sum(line.count("(") - line.count(")") for line in lines if not line.strip().startswith("echo")) == 0


_OWN = {
    "@echo", "echo", "echo.", "set", "setlocal", "pushd", "pause", "exit", "goto", "if", "for", ")", "rmdir", "ver')",
    ":failed", ":try", ":tried",
}  # fmt: skip
"""What the command processor does itself."""
_BY_PATH = re.compile(r'"%(SYS|VENV)%[^"]*"|call "%PY%" |call "%~1" |%SYS%\\\S+|call :try ("%~dp0|%%P|"%%P")')
"""What may be a shim that is a batch file is called: else nothing comes after it."""


def _called(line: str) -> Iterator[str]:
    """Yield the commands of a line, without what stands before them."""
    for part in re.split(r"&&|\|\|?|\bdo\b|\bin \('", re.sub(r'set "FIT=.*"', 'set "FIT"', line)):
        condition = r'^\s*(if (/i )?(not )?((defined|exist) \S+|"[^"]*"=="[^"]*"|\S+ LSS \d+)\s*)*'
        words = re.sub(condition, "", part).strip()
        if words and words != "(":
            yield words


@pytest.mark.parametrize("name", ["install.cmd", "download.cmd"])
def test_scripts_call_every_program_by_its_full_path(scripts: Path, name: str) -> None:
    lines = (scripts / name).read_text(encoding="utf-8").splitlines()
    assert "where.exe $PATH:" in "\n".join(lines)  # not in the folder of the run
    for words in (words for line in lines for words in _called(line)):
        assert _BY_PATH.match(words) or words.split(" ")[0] in _OWN, words
        if "%PY%" in words or 'python.exe"' in words.split(" ")[0]:
            assert "-I " in words or words.startswith(('call "%PY%" %FLAGS% ', "set ")), words
    flags = {line.strip() for line in lines if "FLAGS=" in line}
    assert flags == {'set "FLAGS=-I -B"', 'if "%CODE%"=="0" if not "%~2"=="" set "FLAGS=%~2 -I -B"'}
    assert 'call "%~1" %2 -I -B -c "%FIT%" >nul 2>nul' in lines  # a Python that is brought along is left as it is


@pytest.mark.parametrize("name", ["install.cmd", "download.cmd"])
def test_a_step_that_fails_is_the_last(scripts: Path, name: str) -> None:
    """Whatever code it ends with: those of crashes are negative, which ``if errorlevel 1`` takes for success."""
    text = (scripts / name).read_text(encoding="utf-8")
    steps = [line.strip() for line in text.splitlines() if re.match(r'\s*(call "%PY%"|"%VENV%|"%SYS%\\xcopy)', line)]
    assert len(steps) == {"install.cmd": 6, "download.cmd": 2}[name]
    asked = [step for step in steps if step.endswith("|| (")]
    assert [step for step in steps if step not in asked and not step.endswith(" || goto failed")] == []
    assert all('-c "%FIT%"' in step for step in asked)  # where the answer no has its own remedy
    assert "if errorlevel" not in text.lower()
    assert text.rstrip().endswith("exit /b 1")
    assert text.index("exit /b 0\n\n:failed") > text.index(steps[-1])


WHYS = {"3": "版本太低", "4": "不是 64 位（x64）的", "5": "Microsoft Store"}


def _fit(scripts: Path) -> str:
    text = (scripts / "install.cmd").read_text(encoding="utf-8")
    (fit,) = re.findall(r'(?m)^set "FIT=(.*)"$', text)
    assert not set(fit) & set('"%^&|')  # it stands in quotes, in the words of the command processor
    return str(fit)


@pytest.mark.parametrize(
    ("version", "platform", "base", "code"),
    [
        ((3, 11, 0), "win-amd64", r"C:\Python311", 0),
        ((3, 14, 1), "win-amd64", r"C:\Users\lan\AppData\Local\Python\pythoncore-3.14-64", 0),
        ((3, 10, 9), "win-amd64", r"C:\Python310", 3),
        ((3, 12, 0), "win32", r"C:\Python312-32", 4),
        ((3, 12, 0), "win-arm64", r"C:\Python312-arm64", 4),
        ((3, 12, 0), "win-amd64", r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12_x", 5),
        ((2, 7, 18), "win-amd64", None, 3),
    ],
)
def test_what_fits_is_asked_of_the_python_itself(
    scripts: Path, version: tuple[int, ...], platform: str, base: str | None, code: int
) -> None:
    made = f"import sys, sysconfig; sys.version_info = {version}; sysconfig.get_platform = lambda: {platform!r}; "
    made += f"sys.base_prefix = {base!r}; " if base else "del sys.base_prefix; "
    done = subprocess.run([sys.executable, "-I", "-c", made + _fit(scripts)], capture_output=True, check=False)
    assert done.returncode == code, done.stderr.decode()


@pytest.mark.parametrize("name", ["install.cmd", "download.cmd"])
def test_each_reason_against_a_python_is_said(scripts: Path, name: str) -> None:
    text = (scripts / name).read_text(encoding="utf-8")
    assert "for %%C in (3 4 5) do" in text
    for code, words in WHYS.items():
        (line,) = (line for line in text.splitlines() if f'"%WHY%"=="{code}" echo ' in line)
        assert words in line
    assert "需要 Windows 10 或更新的版本" in text
    order = ["if %%M LSS 10", "%PROCESSOR_ARCHITECTURE%%PROCESSOR_ARCHITEW6432%", '"%~dp0python\\python.exe"', "py.exe"]
    order += ["where.exe", ":tried", "wheels.py"]
    assert [text.index(step) for step in order] == sorted(text.index(step) for step in order)
    assert "for %%N in (python.exe python.bat) do" in text


def test_a_python_that_is_brought_along_is_copied_before_anything_is_made_from_it(scripts: Path) -> None:
    text = (scripts / "install.cmd").read_text(encoding="utf-8")
    order = [
        'set "OWN=%~dp0python"',
        'wheels.py" check',
        "tasklist.exe",
        "if defined OWN (\n    echo 正在复制",
        "xcopy.exe",
    ]
    order += ['set "PY=%OURS%\\python\\python.exe"', "-m venv", "pip install"]
    plain = text.replace("\r\n", "\n")
    assert [plain.index(step) for step in order] == sorted(plain.index(step) for step in order)
    removed = re.findall(r'rmdir /s /q "([^"]+)"', text)
    assert removed == ["%VENV%", "%OURS%\\python"]  # nothing but what it made itself
    assert 'set "OURS=%LOCALAPPDATA%\\nianbao"' in text
    assert text.count('-c "%FIT%"') == 2  # an environment that does not fit is made anew


def test_nothing_is_installed_but_what_is_listed(scripts: Path) -> None:
    text = (scripts / "install.cmd").read_text(encoding="utf-8")
    (line,) = (line for line in text.splitlines() if "pip install" in line)
    wanted = {
        "--isolated",
        "--no-index",
        "--find-links wheels",
        "--only-binary=:all:",
        "--require-hashes -r hashes.txt",
    }
    assert all(option in line for option in wanted)
    order = [text.index(step) for step in ('wheels.py" check', "-m venv", "pip install", "workbook addin install")]
    assert order == sorted(order)
    assert f"check {workbook.__version__} || goto failed" in text
    for name in ("download.cmd", "download.sh"):
        fetched = (scripts / name).read_text(encoding="utf-8")
        assert fetched.index("pip download") < fetched.index(f"write {workbook.__version__}")


def test_the_list_of_packages_is_complete_for_windows() -> None:
    lines = requirements()
    named = {line.split("=")[0].split(">")[0].lower() for line in lines}
    assert {"xlwings", "pywin32", "click", "openpyxl", "jsonschema", "rpds-py", "isal", "xlsxwriter"} <= named
    assert {"python-docx", "lxml", "cssselect2", "pdfplumber"} <= named  # the ribbon publishes and compares
    assert "nianbao" not in named
    assert all("==" in line for line in lines if not line.startswith("pywin32"))
    assert not named & {"pytest", "hypothesis", "pyopenvba", "oletools"}


def test_the_list_of_packages_is_that_of_the_python_there(monkeypatch: pytest.MonkeyPatch) -> None:
    class Made:
        version = "1.0"
        requires = (
            'new-only; python_version >= "3.12"',
            'old-only; python_version < "3.12"',
            'linux; os_name == "posix"',
        )

    def found(name: str) -> Made:
        if name != "nianbao":
            raise PackageNotFoundError(name)
        return Made()

    monkeypatch.setattr("xlplugin.addin.bundle.distribution", found)
    assert (requirements("3.11"), requirements("3.13")) == (["old-only"], ["new-only"])


@pytest.fixture
def untouched(root: Path) -> Iterator[None]:
    before = (root / "templates/nianbao.xlam").stat().st_mtime_ns
    yield
    assert (root / "templates/nianbao.xlam").stat().st_mtime_ns == before


@pytest.mark.usefixtures("untouched")
def test_headless_commands_never_import_xlwings(tmp_path: Path, root: Path) -> None:
    script = f"""
import runpy, sys
home = r"{tmp_path}"
report = "examples/linan-2020.xlsx"
for arguments in (
    ["--help"], ["check", report], ["convert", report, "-o", home + "/x.json"], ["doctor", "--home", home],
    ["addin", "status", "--home", home], ["addin", "install", "--home", home],
):
    from workbook.cli import main
    try:
        main(arguments)
    except SystemExit:
        pass
    assert "xlwings" not in sys.modules, arguments
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_without_the_extra_the_headless_commands_work(tmp_path: Path, root: Path) -> None:
    """Stand-ins that cannot be imported take the place of the packages of the extra."""
    for name in ("xlwings", "pyopenvba", "packaging"):
        (tmp_path / f"{name}.py").write_text("raise ImportError(__name__)\n", encoding="utf-8")
    for arguments in (["check", "examples/linan-2020.xlsx"], ["doctor", "--home", str(tmp_path)]):
        run_it = f"from workbook.cli import main; main({arguments})"
        told = {**os.environ, "PYTHONPATH": str(tmp_path)}
        done = subprocess.run([sys.executable, "-c", run_it], cwd=root, capture_output=True, check=False, env=told)
        assert done.returncode == 0, done.stderr.decode()
    script = "from importlib import util; real = util.find_spec\n"
    script += "util.find_spec = lambda name: None if name in {'xlwings', 'packaging'} else real(name)\n"
    for command in ("'bundle', 'x'", "'install', '--home', 'x'"):
        run_it = f"{script}from workbook.cli import main; main(['addin', {command}])"
        done = subprocess.run([sys.executable, "-c", run_it], cwd=root, capture_output=True, check=False)
        assert done.returncode == 2
        assert "没有安装 xlwings" in done.stderr.decode()
    done = subprocess.run(
        [sys.executable, "-c", "from workbook.cli import main; main(['addin', 'build', '-o', 'x.xlam'])"], cwd=tmp_path,
        capture_output=True, check=False, env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(root)])},
    )  # fmt: skip
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
