"""Whether the XML of a ribbon keeps the rules of Office's schemas, which stand in ``custom_ui.toml``."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_KIND = {name: kind for kind, names in RULES["attributes"].items() for name in names}


def breaches(xml: str | bytes, edition: str) -> set[str]:
    """Return what breaks the rules of an edition, ``2006`` or ``2009``: the element, and in a word what of it."""
    root = ET.fromstring(xml)
    if _name(root, edition) != "customUI":
        return {f"root {root.tag}"}
    wrong = set(_element(root, "customUI", edition))
    ids = [item.get("id") for item in root.iter() if item.get("id")]
    return wrong | {f"id {name} twice" for name in ids if ids.count(name) > 1}


def _name(item: ET.Element, edition: str) -> str:
    namespace, _, name = item.tag.removeprefix("{").partition("}")
    return name if namespace == RULES["namespaces"][edition] else item.tag


def _element(item: ET.Element, kind: str, edition: str) -> Iterator[str]:
    rule = RULES["elements"][kind]
    yield from (f"{kind} {breach}" for breach in _attributes(item, kind, rule, edition))
    if (item.text or "").strip() or any((child.tail or "").strip() for child in item):
        yield f"{kind} text"
    allowed = {
        name: spec
        for name, spec in rule.get("children", {}).items()
        if edition != "2006" or spec[0] not in RULES["later"]["elements"]
    }
    names = [_name(child, edition) for child in item]
    for child, name in zip(item, names, strict=True):
        if name in allowed:
            yield from _element(child, allowed[name][0], edition)
        else:
            yield f"{kind} child {name}"
    for name, (_, least, most) in allowed.items():
        if not least <= names.count(name) <= most:
            yield f"{kind} {names.count(name)} {name}"
    order = [name for name in allowed if name in names]
    if rule.get("ordered") and list(dict.fromkeys(name for name in names if name in allowed)) != order:
        yield f"{kind} order"


def _allowed(kind: str, rule: dict[str, Any], edition: str) -> set[str]:
    listed = (RULES["sets"][name[:-1]] if name.endswith("*") else [name] for name in rule.get("attributes", ()))
    later = RULES["later"]["attributes"].get(kind, ()) if edition == "2006" else ()
    return {name for names in listed for name in names} - set(later)


def _attributes(item: ET.Element, kind: str, rule: dict[str, Any], edition: str) -> Iterator[str]:
    allowed = _allowed(kind, rule, edition)
    for name, value in item.attrib.items():
        if name not in allowed:
            yield f"attribute {name}"
        elif not _fits(name, value):
            yield f"value of {name}"
    for group in RULES["exclusive"]:
        if len(both := [name for name in group if name in item.attrib]) > 1:
            yield f"both {' '.join(both)}"
    for name in rule.get("needs", ()):
        if not set(RULES["sets"][name]) & item.attrib.keys():
            yield f"no {name} id"
    if item.get("imageMso", RULES["pictures"][0]) not in RULES["pictures"]:
        yield f"picture {item.get('imageMso')}"
    if kind == "contextMenu" and item.get("idMso") not in RULES["menus"]:
        yield f"menu {item.get('idMso')}"


def _fits(name: str, value: str) -> bool:
    kind = RULES["kinds"][_KIND.get(name, "string")]
    return (
        1 <= len(value) <= kind.get("most", 1024) and re.fullmatch(kind.get("pattern", r"(?s:.*)"), value) is not None
    )
