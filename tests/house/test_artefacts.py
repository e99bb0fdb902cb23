"""Generated files are current, and the wheel carries them."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "docs" / "build"))

import all as makers

import workbook


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return makers.artefacts()


def test_generated_files_are_current(made: dict[str, bytes], root: Path) -> None:
    stale = [name for name, data in made.items() if (root / name).read_bytes() != data]
    assert not stale, "run nox -s artefacts"


def test_they_are_made_byte_for_byte_the_same_again(root: Path) -> None:
    """In another process, by the command itself; those of this process are compared with the same files."""
    command = [sys.executable, root / "docs/build/all.py", "--check"]
    done = subprocess.run(command, cwd=root, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b""), done.stderr.decode()


def test_a_stale_file_is_noticed(made: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(makers, "artefacts", lambda: made | {"README.md": b"other"})
    monkeypatch.setattr(sys, "argv", ["all.py", "--check"])
    assert makers.main() == 1
    monkeypatch.setattr(makers, "artefacts", lambda: made)
    assert makers.main() == 0


def test_the_example_is_the_published_report(root: Path) -> None:
    report = workbook.read(root / "examples/linan-2020.xlsx")
    assert len(report.cells) == 198
    assert [finding.code for finding in workbook.check(report)] == ["text.contradicts"] * 2  # as it was published
    assert (report.year, report.body.name) == (2020, "杭州市临安区人民政府")
    assert report.cells["procurement.central.amount"] == 33565
    assert report.cells["services.other_services.decisions"] == 315460
    document = workbook.read(root / "examples/linan-2020.json")
    assert document == report


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "-q",
        "-w",
        str(folder),
        str(root),
    ]
    subprocess.run(command, check=True)
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_carries_the_files_inside_the_package(wheel: Path, made: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(wheel.read_bytes())) as archive:
        names = set(archive.namelist())
        tops = {name.split("/")[0] for name in names}
        assert tops == {"workbook", "xlplugin", f"nianbao-{workbook.__version__}.dist-info"}
        for name, data in made.items():
            if not name.startswith("docs/"):
                assert archive.read(name if name.startswith("workbook/") else f"workbook/_files/{name}") == data
    assert "workbook/_files/schema/2021/form.toml" in names
    assert "workbook/py.typed" in names
    assert "workbook/report/catalogue.toml" in names
    assert not [name for name in names if name.endswith("_files/schema/__init__.py")]


def test_the_wheel_installed_elsewhere_does_the_main_job(wheel: Path, root: Path, tmp_path: Path) -> None:
    """The libraries come from this environment, the package from the wheel alone."""
    target, elsewhere = tmp_path / "env", tmp_path / "elsewhere"
    elsewhere.mkdir()
    venv.create(target, with_pip=False, symlinks=os.name != "nt")
    programs = target / ("Scripts" if os.name == "nt" else "bin")
    python = programs / ("python.exe" if os.name == "nt" else "python")
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps", str(wheel)]
    subprocess.run(install, check=True)
    site = next(target.glob("lib/python*/site-packages"), target / "Lib/site-packages")
    (site / "libraries.pth").write_text(f"{sysconfig.get_paths()['purelib']}\n", encoding="utf-8")

    def run(*command: str | Path) -> str:
        done = subprocess.run(command, cwd=elsewhere, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert run(python, "-c", "import workbook; print(workbook.__file__)").startswith(str(site))
    told = run(programs / "nianbao", "demo", "--lang", "zh")
    assert "「三、依申请公开」D8 72 → 27" in told
    assert "云溪县青石镇人民政府的年报没有加进去" in told
    assert str(elsewhere / "nianbao-demo") in told
    assert (elsewhere / "nianbao-demo/从这里看起.html").is_file()
    document = run(programs / "nianbao", "convert", root / "examples" / "linan-2020.xlsx", "-o", "-")
    assert document == (root / "examples" / "linan-2020.json").read_text(encoding="utf-8")
