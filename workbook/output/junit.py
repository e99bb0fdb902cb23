"""Results as JUnit XML, which build servers show: a suite a file, a case a finding.

An error is a failure, what cannot be read is an error of the suite. The format has no warnings: they are cases that
pass and say what was found, and fail where ``--strict`` made the file fail; a waived one is skipped with its reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from workbook.exits import FAULTY
from workbook.output.tally import verdict
from workbook.output.vocabulary import WORDS, level, printable_results, reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbook.jobs.result import Result
    from workbook.report import Lang


def render(results: Sequence[Result], lang: Lang) -> bytes:
    """Return results as a JUnit XML document in UTF-8."""
    root = Element("testsuites", name="nianbao")
    for result in printable_results(results, keep="\n"):
        _suite(root, result, lang)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, 0)) for suite in root)))
    indent(root)
    data: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def _suite(root: Element, result: Result, lang: Lang) -> None:
    suite = SubElement(root, "testsuite", name=result.file)
    for finding in result.findings:
        _case(suite, result, finding, lang)
    if not result.findings:
        SubElement(suite, "testcase", classname="nianbao", name=verdict(result, lang))
    suite.set("tests", str(len(suite)))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))


def _case(suite: Element, result: Result, finding: Mapping[str, Any], lang: Lang) -> None:
    name = f"{finding['code']} {finding['at']}".strip()
    case = SubElement(suite, "testcase", classname=finding["code"].partition(".")[0], name=name)
    message, hint = finding["message"], finding["hint"]
    how = level(finding)
    if how == "waived":
        SubElement(case, "skipped", message=reason(finding, lang)).text = message
    elif how == "error" or (how == "warning" and result.exit_code == FAULTY and not result.errors):
        tag = "failure" if result.edition else "error"
        SubElement(case, tag, type=finding["code"], message=message).text = hint
    else:
        SubElement(case, "system-out").text = f"{WORDS[lang][how]}: {message}\n{hint}"
