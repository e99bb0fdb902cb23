"""Help and refusals in both languages, from one catalogue of words and by one rule."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import click
import pytest
from command import COMMAND, installed, nianbao

from workbook.cli import language, main
from workbook.cli.help import FilePath
from workbook.cli.language import LANGS, chosen, speaking
from workbook.output.wrap import width
from workbook.report import Lang

CLI = Path(inspect.getfile(language)).parent
WORDS = tomllib.loads((CLI / "words.toml").read_text(encoding="utf-8"))
PLURALS = {(item["one"], item["many"]) for item in WORDS["plural"]}
SAID = {en: zh for name, part in WORDS.items() if name != "plural" for en, zh in part.items()}

SPEAKERS = ("misuse", "gettext", "_announce")
"""The functions whose first argument is said in the language of the run."""


def contexts(command: click.Command = main, parent: click.Context | None = None) -> Iterator[click.Context]:
    """Yield a context for every command there is."""
    settings = {} if parent else command.context_settings  # of what click makes of these, it keeps the first
    context = command.context_class(command, parent=parent, info_name=command.name or "nianbao", **settings)
    yield context
    for below in getattr(command, "commands", {}).values():
        yield from contexts(below, context)


def parameters() -> Iterator[tuple[click.Context, click.Parameter]]:
    """Yield every parameter of every command."""
    for context in contexts():
        for parameter in context.command.get_params(context):
            yield context, parameter


def of_help() -> set[str]:
    """Return the English words that the help of all commands has."""
    found = set()
    for context in contexts():
        paragraphs = inspect.cleandoc(context.command.help or "").split("\n\n")
        found |= {" ".join(paragraph.split()) for paragraph in paragraphs}
        found |= set(click.Command.collect_usage_pieces(context.command, context)) - {""}
        if isinstance(context.command, click.Group):
            found.add(context.command.subcommand_metavar)
    for context, parameter in parameters():
        if not getattr(parameter, "is_flag", False):
            found.add(parameter.make_metavar(context))
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter
            found.add(parameter.help)
    return {words for words in found if not re.match(r"\[[a-z0-9]", words)}


def of_code() -> set[str]:
    """Return the English words of what the command line says besides."""
    found = set()
    for path in CLI.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = dict(named for node in tree.body if isinstance(node, ast.Assign) for named in assigned(node))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) in SPEAKERS and node.args:
                said = node.args[0]
                words = constants.get(said.id) if isinstance(said, ast.Name) else getattr(said, "value", None)
                if isinstance(words, str):
                    found.add(words)
                else:
                    assert path.name in {"language.py", "help.py", "contract.py"}, f"{path.name}: {ast.unparse(node)}"
    return found


def assigned(node: ast.Assign) -> Iterator[tuple[str, Any]]:
    """Yield the names of a module's constants with their values."""
    for target in node.targets:
        pairs = (
            zip(target.elts, node.value.elts, strict=True)
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
            else [(target, node.value)]
        )
        for name, value in pairs:
            if isinstance(name, ast.Name) and isinstance(value, ast.Constant):
                yield name.id, value.value


def called(node: ast.Call) -> str:
    """Return the last name of what is called."""
    return getattr(node.func, "attr", "") or getattr(node.func, "id", "")


def test_all_words_are_there_in_both_languages_and_no_others() -> None:
    with speaking("en"):
        own = of_help() | of_code()
    assert own - SAID.keys() == set()
    assert SAID.keys() - own - WORDS["click"].keys() == set()
    for en, zh in SAID.items():
        assert re.search("[\u4e00-\u9fff]", zh) or en in {"{heading}:", "{reason}"}, en
        assert set(re.findall(r"\{(\w*)", zh)) <= set(re.findall(r"\{(\w*)", en)), en


def test_the_words_of_click_are_those_that_click_says() -> None:
    files = Path(inspect.getfile(click)).parent.glob("*.py")
    constants = {
        node.value
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
    }
    own = of_code()
    assert WORDS["click"].keys() - constants - own == set()
    assert {words for pair in PLURALS for words in pair} - constants == set()


def test_no_refusal_goes_around_the_words() -> None:
    for path in CLI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and called(node) in {"UsageError", "BadParameter", "ClickException"}:
                assert path.name == "language.py", ast.unparse(node)


REFUSED = (
    ("nonsense",),
    ("chek",),
    ("check",),
    ("check", "--fromat", "x"),
    ("check", "--lang"),
    ("--lang", "fr", "check", "x"),
    ("check", "x", "--format", "yaml"),
    ("check", "x", "--jobs", "-1"),
    ("check", "x", "--jobs", "two"),
    ("check", "x", "--strict=1"),
    ("check", ""),
    ("check", "x", "-o", "folder"),
    ("check", "x", "--format", "xlsx"),
    ("check", "x", "y", "--format", "html"),
    ("check", "x", "y", "--format", "html", "-o", "x"),
    ("check", "x", "-o", "x.docx"),
    ("check", "x.txt", "-o", "x.txt"),
    ("template", "--year", "1949"),
    ("template", "--edition", "1949"),
    ("template", "more"),
    ("schema", "letters"),
    ("import", "file"),
    ("import", "file", "-o", "x.csv"),
    ("addin", "bundle", "file"),
    ("demo", "-o", "file"),
    ("check", "x", "--ignore", "text.nonsense"),
    ("check", "x", "--select", "@"),
    ("check", "x", "--summary", "--format", "json"),
    ("explain", "nonsense.code"),
    ("check", "x", "--waivers", "file.json"),
    ("check", "x", "--waivers", "list.toml"),
    ("check", "-", "-"),
    ("convert", "-"),
    ("import", "x", "y", "-o", "z.json"),
)


@pytest.mark.parametrize("arguments", REFUSED, ids=" ".join)
def test_every_refusal_is_said_in_both_languages(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    (tmp_path / "file.json").write_text("{")
    (tmp_path / "file.toml").write_text("[[")
    (tmp_path / "list.toml").write_text("waivers = 1")
    zh, en = (nianbao("--lang", lang, *arguments, cwd=tmp_path) for lang in LANGS)
    assert (zh.code, zh.out, en.code, en.out) == (2, b"", 2, b"")
    assert re.search("[\u4e00-\u9fff]", zh.err)
    assert not re.search("[\u4e00-\u9fff]", en.err.replace("校验结果", "").replace("年报工具箱", "")), en.err
    refusal = zh.err.partition("\n\n错误")[2] or zh.err
    plain = re.sub(
        r"“.*?”|'.*?'|（.*?）|\[.*?\]|nianbao|explain|waivers|text|json|JSON|Excel|xlwings|\S*[.-]\S+|^  \w+",
        "",
        refusal,
        flags=re.MULTILINE,
    )
    assert not re.search("[A-Za-z]{3,}", plain), zh.err


@pytest.mark.parametrize("lang", LANGS)
def test_help_stands_in_columns_of_the_terminal(lang: Lang) -> None:
    with speaking(lang):
        for context in contexts():
            lines = context.command.get_help(context).split("\n")
            assert max(map(width, lines)) <= 80, context.command_path
            begins = {width(line[: match.end()]) for line in lines if (match := re.match(r"  -.*?\S  +(?=\S)", line))}
            assert len(begins) <= 1, context.command_path
            chinese = re.search("[\u4e00-\u9fff]{4}", "".join(lines).replace("年报工具箱", "").replace("校验结果", ""))
            assert bool(chinese) == (lang == "zh")


@pytest.mark.parametrize(
    ("asked", "environment", "setting", "lang"),
    [
        (None, {}, None, "zh"),
        (None, {"LANG": "C.UTF-8"}, None, "zh"),
        (None, {"LANG": "POSIX"}, None, "zh"),
        (None, {"LANG": "zh_CN.UTF-8"}, None, "zh"),
        (None, {"LANG": "zh_TW"}, None, "zh"),
        (None, {"LANG": "en_US.UTF-8"}, None, "en"),
        (None, {"LANG": "fr_FR.UTF-8"}, None, "en"),
        (None, {"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, None, "zh"),
        (None, {"LC_MESSAGES": "en_GB", "LANG": "zh_CN.UTF-8"}, None, "en"),
        (None, {"LC_ALL": "", "LANG": "en_US.UTF-8"}, None, "en"),
        (None, {"LANG": "zh_CN.UTF-8"}, "en", "en"),
        (None, {"LANG": "en_US.UTF-8", "NIANBAO_LANG": "zh"}, "en", "zh"),
        ("en", {"NIANBAO_LANG": "zh"}, "zh", "en"),
        ("fr", {"LANG": "C"}, None, "zh"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="there the system itself states a language")
def test_one_rule_says_the_language(asked: str, environment: dict[str, str], setting: str, lang: Lang) -> None:
    assert chosen(asked, environment, setting) == lang


def test_the_languages_are_those_of_findings() -> None:
    assert get_args(Lang) == LANGS


@pytest.mark.parametrize(
    "arguments", ["--lang en check x", "check x --lang en", "check --lang=en x", "--lang zh check x --lang en"]
)
def test_the_option_stands_anywhere_and_findings_follow(tmp_path: Path, arguments: str) -> None:
    assert "There is no file" in nianbao(*arguments.split(), cwd=tmp_path).out.decode()


def test_a_language_of_the_environment_that_there_is_none_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANBAO_LANG", "fr")
    done = nianbao("check", "x", cwd=tmp_path)
    assert done.code == 2
    assert "NIANBAO_LANG 的值不对" in done.err


def test_version_and_module_are_doors_to_the_same(tmp_path: Path) -> None:
    assert nianbao("-V", cwd=tmp_path).out == nianbao("--version", cwd=tmp_path).out
    by_module = [sys.executable, "-m", "workbook"]
    done = subprocess.run([*by_module, "check", "--help"], cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout == installed("check", "--help", cwd=tmp_path).out


def test_every_path_is_of_the_kind_that_refuses_an_empty_one() -> None:
    paths = [parameter for _, parameter in parameters() if isinstance(parameter.type, click.Path)]
    assert len(paths) > 10
    for path in paths:
        assert isinstance(path.type, FilePath), path
        with speaking("zh"), pytest.raises(click.BadParameter, match="路径不能是空的"):
            path.type.convert("", path, None)


@pytest.mark.skipif(sys.platform == "win32", reason="bash completes there in other ways")
def test_bash_completes_commands_options_and_their_values(tmp_path: Path) -> None:
    def completed(*words: str) -> list[str]:
        script = f"""
PATH={COMMAND.parent}:$PATH
eval "$(_NIANBAO_COMPLETE=bash_source nianbao)"
COMP_WORDS=(nianbao {" ".join(words)}); COMP_CWORD={len(words)}
_nianbao_completion nianbao
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
        done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, check=True)  # noqa: S607
        return done.stdout.decode().split()

    assert completed("che") == ["check"]
    assert "--previous" in completed("check", "--")
    assert completed("check", "x", "--format", "js")[0] == "json"
