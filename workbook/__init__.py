r"""年报工具箱: fill, check and convert the annual report on government information disclosure.

>>> import workbook
>>> report = workbook.read("examples/linan-2020.xlsx")
>>> [finding.code for finding in workbook.check(report)]  # its text tells two things that its tables do not
['text.contradicts', 'text.contradicts']
>>> workbook.to_json(report)[:2]
b'{\n'

Every command of ``nianbao`` is a few calls of these names. Wrong data is a ``Finding``; a file that cannot be read as a
report raises ``Unreadable``, whose ``findings`` say why; a wrong definition of the form raises ``FormError``.
"""

from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Attach the public names, which ``__init__.pyi`` lists, when one is first used: importing the package is free."""
    from lazy_loader import attach_stub

    attached = dict(zip(("__getattr__", "__dir__", "__all__"), attach_stub(__name__, __file__), strict=True))
    globals().update(attached)
    return attached[name] if name in attached else attached["__getattr__"](name)


def __dir__() -> list[str]:
    return list(__getattr__("__all__"))
