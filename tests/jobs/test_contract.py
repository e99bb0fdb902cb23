"""Both versions of the JSON, and the chain of files that a report passes through."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cases import EDITIONS, sound

import workbook
from workbook.document.document import dump
from workbook.jobs.deliver import deliver
from workbook.jobs.file import convert_file, fill_file
from workbook.jobs.result import Options, Result, Task
from workbook.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable


def with_texts(edition: str = "2021") -> Report:
    base = sound(edition)
    beside = {"disclosure": "见下表。\n另有说明。", "applications": "没有积压。", "disputes": "没有败诉。"}
    return replace(base, narrative={**base.narrative, **beside})


def result_of(job: Callable[[Task, Options], Result], task: Task, options: Options | None = None) -> Result:
    options = options or Options()
    return deliver(task, job(task, options), options)


def done(job: Callable[[Task, Options], Result], task: Task, options: Options | None = None) -> Path:
    result = result_of(job, task, options)
    assert result.written, result.findings
    return Path(result.written)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def loaded(path: Path) -> Any:
    return json.loads(path.read_bytes())


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_second_version_has_every_text_and_the_first_is_read_and_written(edition: str, tmp_path: Path) -> None:
    book = tmp_path / "a.xlsx"
    book.write_bytes(workbook.write(with_texts(edition)))
    second = loaded(done(convert_file, Task(book, tmp_path / "2.json")))
    assert second["$schema"] == f"urn:nianbao:report:{edition}:2"
    assert second["narrative"] == dict(with_texts(edition).narrative)
    result = result_of(convert_file, Task(book, tmp_path / "1.json"), Options(contract=1))
    first = loaded(Path(str(result.written)))
    assert (result.exit_code, first["$schema"]) == (0, f"urn:nianbao:report:{edition}:1")
    assert list(first["narrative"]) == ["overview", "problems", "other"]
    assert list(first["source"]) == ["file", "sha256", "template"]
    (told,) = [finding for finding in result.findings if finding["code"] == "file.contract"]
    assert "二、主动公开政府信息情况" in told["message"]
    again = workbook.read(tmp_path / "1.json")
    assert again.narrative == {
        **with_texts(edition).narrative,
        "disclosure": None,
        "applications": None,
        "disputes": None,
    }


def test_nothing_is_told_where_the_first_version_holds_all(tmp_path: Path) -> None:
    book = tmp_path / "a.xlsx"
    book.write_bytes(workbook.write(sound("2021")))
    assert not convert_file(Task(book, tmp_path / "1.json"), Options(contract=1)).findings


def test_a_document_of_one_version_is_not_one_of_the_other() -> None:
    document = workbook.to_document(with_texts())
    assert workbook.is_valid(document, "2021")
    assert not workbook.is_valid(document | {"$schema": "urn:nianbao:report:2021:1"}, "2021")
    assert not workbook.is_valid(
        workbook.to_document(with_texts(), contract=1) | {"$schema": document["$schema"]}, "2021"
    )


def test_the_chain_grows_with_each_conversion(tmp_path: Path) -> None:
    book = tmp_path / "a.xlsx"
    book.write_bytes(workbook.write(with_texts()))
    first = done(convert_file, Task(book, tmp_path / "1.json"))
    assert loaded(first)["source"] == {"file": "a.xlsx", "sha256": digest(book), "template": "2", "made_from": []}
    second = done(convert_file, Task(first, tmp_path / "2.json"))
    chain = [{"file": "a.xlsx", "sha256": digest(book)}]
    assert (loaded(second)["source"]["file"], loaded(second)["source"]["made_from"]) == ("1.json", chain)
    filled = done(fill_file, Task(second, tmp_path / "b.xlsx"))
    third = loaded(done(convert_file, Task(filled, tmp_path / "3.json")))
    chain += [{"file": path.name, "sha256": digest(path)} for path in (first, second)]
    assert (third["source"]["file"], third["source"]["made_from"]) == ("b.xlsx", chain)
    assert {**third, "source": None} == {**loaded(first), "source": None}
    old = loaded(done(convert_file, Task(filled, tmp_path / "old.json"), Options(contract=1)))
    assert (old["source"]["file"], old["source"]["sha256"]) == ("a.xlsx", digest(book))


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_schema_of_the_first_version_is_what_it_was(edition: str) -> None:
    was = {
        "2019": "6c5a1d40f197bfed3aad3519e7c1693968e46e2bf37cfe8bad2c360a763e8a46",
        "2021": "8dd44e05db57724278147504fccc60e7c1c1e25c5ff763131457c2db056acbf3",
    }
    assert hashlib.sha256(dump(workbook.report_schema(edition, 1))).hexdigest() == was[edition]
