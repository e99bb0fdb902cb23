"""What the demo says: results on standard output, and on a terminal the step that is being done on standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.printable import printable

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from rich.console import Console

    from workbook.report import Lang

STEPS = 9


class Show:
    """Says what is done, in one language."""

    def __init__(self, lang: Lang) -> None:
        from rich.console import Console

        self.lang = lang
        self.console: Console = Console(highlight=False)
        self._progress: Console = Console(stderr=True, highlight=False)
        self._step = 0

    def doing(self) -> AbstractContextManager[object]:
        """Show, while it is done, which step it is; it is gone before its result is told."""
        self._step += 1
        return self._progress.status(f"{self._step}/{STEPS} {_DOING[self.lang][self._step - 1]}")

    def say(self, line: str, *about: object) -> None:
        """Tell a result."""
        self.console.print(printable(SAYS[self.lang][line].format(*about)), markup=False, soft_wrap=True)

    def plain(self, line: str) -> None:
        """Tell a line that is in the language already."""
        self.console.print(printable(line), markup=False, soft_wrap=True)


_DOING = {
    "zh": ("空白模板", "填入", "校验", "转换", "改错一格", "公开稿", "收报", "状况", "汇总"),
    "en": ("template", "fill", "check", "convert", "a fault", "publish", "collect", "status", "roll-up"),
}

SAYS = {
    "zh": {
        "template": "1. 空白模板：{}",
        "filled": "2. 填入 {} 个数（{} {} 年度公布的数据）：{}",
        "checked": "3. 校验 {} 条勾稽关系、每一格和文字：{} 处错误，{} 处提示",
        "converted": "4. 转换为 JSON（{}）：{}",
        "broken": "5. 故意把“{}”由 {} 改成 {}，发现 {} 处错误：{}",
        "marked": "   标出问题的副本：{}；网页：{}",
        "published": "6. 公开稿（网页、网站编辑器用的片段、文本）：{}",
        "collected": "7. 虚构的{}收报，{}：{}",
        "letter": "   退回单：{}",
        "rolled": "8. 汇总，与县里自己加的对照，有 {} 格不同：{}",
        "folder": "文件都在 {}，从“{}”看起",
    },
    "en": {
        "template": "1. blank template: {}",
        "filled": "2. filled with {} numbers (published by {} for {}): {}",
        "checked": "3. checked {} equations, every cell and the text: {} errors, {} warnings",
        "converted": "4. converted to JSON ({}): {}",
        "broken": "5. changed “{}” from {} to {} on purpose, {} errors: {}",
        "marked": "   marked copy: {}; page: {}",
        "published": "6. published as page, fragment for a website's editor, text: {}",
        "collected": "7. the made-up {} collects; {}: {}",
        "letter": "   a letter that goes back: {}",
        "rolled": "8. summed up beside the county's own sum, {} cells differ: {}",
        "folder": "the files are in {}, begin with {}",
    },
}
