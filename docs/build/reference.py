"""The reference pages that are made from the form, the catalogue and the commands."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click
import words
from keys import glossary, keys
from parts import LEVELS, MADE

import workbook
from workbook.cli import main
from workbook.cli.language import speaking
from workbook.form import Equation, Form, OpeningEquation
from workbook.report import Lang, catalogue, entries
from workbook.report.findings import RULES


def pages() -> dict[str, str]:
    """Return the pages by file name."""
    return {
        "commands.md": commands("en"),
        "命令.md": commands("zh"),
        "codes.md": codes(),
        "rules.md": rules(),
        "keys.md": keys(),
        "glossary.md": glossary(),
    }


_HEADS = {"en": "# Commands\n", "zh": "# 命令\n"}


def commands(lang: Lang) -> str:
    """Return the page of commands: the help of each."""
    out = [MADE, _HEADS[lang]]
    settings = {**main.context_settings, "terminal_width": 100, "max_content_width": 100}
    context = main.context_class(main, info_name="nianbao", **settings)
    with tempfile.TemporaryDirectory() as folder, speaking(lang, words.laid_out(Path(folder))):
        out.append(f"```text\n{main.get_help(context)}\n```\n")
        out += [_help(command, name, context) for name, command in sorted(main.commands.items())]
    return "\n".join(out)


def _help(command: click.Command, name: str, parent: click.Context) -> str:
    """Return the help of a command and of those below it."""
    inner = command.context_class(command, parent=parent, info_name=name, terminal_width=100, max_content_width=100)
    below = sorted(command.commands.items()) if isinstance(command, click.Group) else []
    shown = [
        f"{'##' if parent.parent is None else '###'} {inner.command_path}\n\n```text\n{command.get_help(inner)}\n```\n"
    ]
    return "\n".join(shown + [_help(other, name, inner) for name, other in below])


def codes() -> str:
    """Return the page of finding codes in both languages."""
    out = [MADE, "# 校验代码 · Finding codes\n"]
    out.append("级别：错误（error）不能上报，提示（warning）请核对，说明（info）不影响使用。")
    out.append("“模板”一列为 ✓ 的，模板自带的公式也能发现。表内关系的代码见 [rules.md](rules.md)。\n")
    out.append("| 代码 | 级别 | 模板 | 含义 | 怎么办 | English |\n|---|---|---|---|---|---|")
    for entry in catalogue().values():
        if entry.code in RULES:
            continue
        zh, en = entry.words["zh"], entry.words["en"]
        clause = f"（{entry.clause}）" if entry.clause else ""
        remedy = zh["hint"] if "{" not in zh["hint"] else "按提示处理。"
        out.append(
            f"| `{entry.code}` | {LEVELS[entry.level]} | {'✓' if entry.in_workbook else ''} | "
            f"**{zh['title']}**。{zh['explanation']}{clause} | {remedy} | **{en['title']}**. {en['explanation']} |"
        )
    return "\n".join(out) + "\n"


def rules() -> str:
    """Return the page of rules: every equation of every edition, in words."""
    out = [MADE, "# 表内关系 · Rules of the tables\n"]
    out.append(
        "每条关系都由 `schema/<edition>/form.toml` 写出；模板公式、校验程序和本页出自同一份定义。空白格按 0 计算。\n"
    )
    for edition in workbook.editions():
        form = workbook.load_form(edition)
        out.append(f"## {edition} 版（{form.authority}）\n")
        titles = {entry.code: entry for entry in entries(form)}
        out.append("| 代码 | 含义 | 位置 | 关系 | 依据 |\n|---|---|---|---|---|")
        for equation in form.equations():
            entry = titles[equation.code]
            zh, en = entry.words["zh"]["title"], entry.words["en"]["title"]
            place = f"`{equation.at.key}` {equation.at.label}"
            out.append(f"| `{equation.code}` | {zh} ({en}) | {place} | {_words(form, equation)} | {entry.clause} |")
        out.append("\n与上年报告之间：\n\n| 代码 | 本年的格 | 等于 |\n|---|---|---|")
        out += [_taken_over(form, opening) for opening in form.opening_equations]
        out.append("")
    return "\n".join(out)


def _taken_over(form: Form, opening: OpeningEquation) -> str:
    terms = [("上年", *term) for term in opening.last_year] + [("本年", *term) for term in opening.this_year]
    said = " ".join(f"{'-' if sign < 0 else '+'} {year}“{form.cells[key].label}”" for year, key, sign in terms)
    return f"| `{opening.code}` | {form.cells[opening.cell].label} | {said.removeprefix('+ ')} |"


_TERMS = 6
"""Terms of a side that are written out."""


def _words(form: Form, equation: Equation) -> str:
    sides = []
    for side in (equation.left, equation.right):
        lines = [(form.cells[key], sign) for key, sign in side]
        labels = [(cell.row if equation.rule.each == "column" else cell.column, sign) for cell, sign in lines]
        terms = [f"{'-' if sign < 0 else '+'} {line.label}" for line, sign in labels]
        if len(terms) > _TERMS:
            terms = [terms[0], "+ …", f"{terms[-1]}（{len(terms)} 项）"]
        sides.append(" ".join(terms).removeprefix("+ "))
    return f" {equation.rule.relation} ".join(sides)
