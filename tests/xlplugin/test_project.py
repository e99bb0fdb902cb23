"""The add-in's VBA project: its own name and GUID, states that belong to them, nothing left of where it comes from."""

from __future__ import annotations

import random
from importlib.util import find_spec
from pathlib import Path
from uuid import UUID

import pytest
import vba
from hypothesis import given
from hypothesis import strategies as st
from pyopenvba.access._vba import encrypt_project_data
from vba_project import DOCSTRING, MODULE_NAME, OFFSET, PROJECT_NAME, REFERENCE_NAME, decrypted, lines, records, streams

from xlplugin.addin.project import ID, NAME, STATE, encrypted
from xlplugin.addin.vba import FUNCTIONS, PYTHON, RIBBON


@pytest.fixture(scope="module")
def start() -> Path:
    """The add-in of xlwings, which Excel itself wrote."""
    spec = find_spec("xlwings")
    assert spec
    assert spec.origin
    return Path(spec.origin).parent / "quickstart_addin_ribbon.xlam"


def test_name_and_guid_are_its_own_wherever_they_stand(addin: Path, start: Path) -> None:
    said, theirs = lines(addin), lines(start)
    assert (said["Name"], said["ID"]) == (NAME, ID)
    assert str(UUID(ID)).upper() == ID[1:-1]
    assert dict(records(addin))[PROJECT_NAME].decode() == NAME
    assert NAME not in vba.modules(addin)
    for mark in (theirs["ID"], theirs["Name"], "felix", "Tim Hall"):
        for name, data in streams(addin).items():
            content = b"".join(content for _, content in records(addin)) if name == "VBA/dir" else data
            assert mark.encode() not in content
            assert mark.encode("utf-16-le") not in content
    assert said.keys() == theirs.keys()


def test_the_states_belong_to_the_guid_and_say_what_excel_itself_said(addin: Path, start: Path) -> None:
    """Under another GUID than its own, Excel takes a project for locked."""
    said, theirs = lines(addin), lines(start)
    for key, state in STATE.items():
        assert decrypted(said[key], ID) == decrypted(theirs[key], theirs["ID"]) == state, key
        with pytest.raises(ValueError, match=said[key]):
            decrypted(said[key], theirs["ID"])


_GUIDS = st.uuids().map(lambda guid: f"{{{str(guid).upper()}}}")


@given(st.binary(max_size=40), _GUIDS, st.integers(0, 255))
def test_what_is_encrypted_is_read_back(data: bytes, guid: str, seed: int) -> None:
    assert decrypted(encrypted(data, guid, seed), guid) == data


class _Known(random.Random):
    """Draws one number, and bytes of 0."""

    def __init__(self, number: int) -> None:
        super().__init__(0)
        self.number = number

    def randrange(self, *_: int) -> int:  # type: ignore[override]
        return self.number

    def randbytes(self, n: int) -> bytes:
        return bytes(n)


@given(st.binary(max_size=40), _GUIDS, st.integers(0, 255))
def test_pyopenvba_encrypts_alike(data: bytes, guid: str, seed: int) -> None:
    assert encrypted(data, guid, seed) == encrypt_project_data(data, guid, _Known(seed))


def test_nothing_is_referred_to_but_what_the_ribbon_needs(addin: Path, start: Path) -> None:
    assert {content for number, content in records(start) if number == REFERENCE_NAME} == {b"Office", b"MSForms"}
    assert [content for number, content in records(addin) if number == REFERENCE_NAME] == [b"Office"]
    assert {number for number, _ in records(addin)} & {0x002F, 0x0030, 0x0033, 0x000E} == set()  # controls, projects
    assert lines(addin).keys() & {"Package", "BaseClass"} == set()  # forms
    assert {path for path in streams(addin) if path.count("/") > 1} == set()  # what forms are drawn from
    for name, source in vba.modules(addin).items():
        assert "msforms" not in source.lower(), name
    assert "IRibbon" in vba.modules(addin)[RIBBON]


def test_nothing_compiled_is_left_for_an_excel_to_trust(addin: Path) -> None:
    """Sources alone: a version that none has, modules that begin with their source, no cache of another name."""
    found = streams(addin)
    assert found["VBA/_VBA_PROJECT"] == bytes.fromhex("CC61 FFFF 00 0000")
    names = [content.decode() for number, content in records(addin) if number == MODULE_NAME]
    assert set(found) == {"PROJECT", "PROJECTwm", "VBA/_VBA_PROJECT", "VBA/dir", *(f"VBA/{name}" for name in names)}
    assert set(names) == {"ThisWorkbook", "Sheet2", FUNCTIONS, PYTHON, RIBBON}
    for number, content in records(addin):
        assert number not in {OFFSET, DOCSTRING} or not any(content)
    for name in names:
        assert found[f"VBA/{name}"][0] == 1, name  # where a compressed container begins


def test_readers_read_the_project(addin: Path) -> None:
    from oletools.mraptor import MacroRaptor
    from oletools.olevba import VBA_Parser
    from pyopenvba import ExcelFile

    with ExcelFile(addin) as file:
        assert (file.vba_project().name, file.validate()) == (NAME, [])
        assert [reference.name for reference in file.references()] == ["Office"]
        protection = file.vba_project().protection
        assert protection
        assert not protection.has_password
    parser = VBA_Parser(str(addin))
    sources = [source for *_, source in parser.extract_macros()]
    kinds = {kind for kind, *_ in parser.analyze_macros()}
    assert parser.detect_vba_stomping() is False
    parser.close()
    assert len(sources) == 5
    assert "AutoExec" not in kinds
    scanned = MacroRaptor("\n".join(sources))
    scanned.scan()
    assert not scanned.suspicious
