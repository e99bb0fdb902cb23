"""Both parts that hold the ribbon keep the rules of Office's schemas: else Excel shows no tab, and says nothing."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from custom_ui import RULES, breaches
from hypothesis import given
from hypothesis import strategies as st

from xlplugin.addin.build import RIBBONS, ribbon
from xlplugin.addin.definition import load_definition

EDITIONS = dict(zip(RIBBONS, ("2006", "2009"), strict=True))
MADE = {edition: ribbon(load_definition(), RIBBONS[part][0]) for part, edition in EDITIONS.items()}


@pytest.mark.parametrize("part", RIBBONS)
def test_what_the_add_in_holds_keeps_the_rules(part: str, addin: Path) -> None:
    with zipfile.ZipFile(addin) as archive:
        assert breaches(archive.read(part), EDITIONS[part]) == set()
    assert RIBBONS[part][0] == RULES["namespaces"][EDITIONS[part]]


def test_neither_part_passes_for_the_other() -> None:
    for edition, other in (("2006", "2009"), ("2009", "2006")):
        (wrong,) = breaches(MADE[edition], other)
        assert wrong.startswith("root ")


TAB, GROUP, BUTTON = '<tab id="nianbao" ', '<group id="nianbao.fill" ', '<button id="nianbao.new_report" '
BROKEN: dict[str, tuple[str, str, str]] = {
    "an element of no rule": (TAB, f"<gallery /> {TAB}", "tabs child gallery"),
    "an element in the wrong place": (GROUP, f'<button id="x" /> {GROUP}', "tab child button"),
    "an element of another namespace": (BUTTON, f'<x:button xmlns:x="urn:x" /> {BUTTON}', "group child {urn:x}button"),
    "a part twice": ("</ribbon>", "</ribbon><ribbon/>", "customUI 2 ribbon"),
    "tabs without a tab": ("<tabs>", "<tabs/><tabs>", "tabs 0 tab"),
    "a text": (BUTTON, f"text {BUTTON}", "group text"),
    "a text behind": ("</group>", "text</group>", "group text"),
    "an attribute of no rule": (BUTTON, f'{BUTTON} colour="red" ', "button attribute colour"),
    "an attribute of another element": (TAB, f'{TAB} size="large" ', "tab attribute size"),
    "an attribute of another case": (BUTTON, f'{BUTTON} screenTip="x" ', "button attribute screenTip"),
    "an attribute of a namespace": (BUTTON, f'{BUTTON} xml:space="preserve" ', "button attribute {http"),
    "two labels": (BUTTON, f'{BUTTON} getLabel="x" ', "button both label getLabel"),
    "two pictures": (BUTTON, f'{BUTTON} image="x" ', "button both image imageMso"),
    "two sizes": (BUTTON, f'{BUTTON} getSize="x" ', "button both size getSize"),
    "two tips": (BUTTON, f'{BUTTON} getSupertip="x" ', "button both supertip getSupertip"),
    "two keytips": (TAB, f'{TAB} getKeytip="x" ', "tab both keytip getKeytip"),
    "two identities": (GROUP, f'{GROUP} idMso="x" ', "group both id idMso"),
    "two places": (TAB, f'{TAB} insertAfterMso="TabHome" insertBeforeMso="TabView" ', "tab both insertAfterMso"),
    "no identity": (BUTTON, "<button ", "button no any id"),
    "an identity twice": (GROUP, GROUP.replace("fill", "check"), "id nianbao.check twice"),
    "an identity twice, of another kind": (TAB, '<tab id="nianbao.about" ', "id nianbao.about twice"),
    "an identity that begins with a digit": (TAB, '<tab id="1" ', "tab value of id"),
    "an identity with a blank": (TAB, '<tab id="a b" ', "tab value of id"),
    "nothing in it": (BUTTON, f'{BUTTON} tag="" ', "button value of tag"),
    "a keytip too long": ('keytip="ZF"', 'keytip="ABCD"', "tab value of keytip"),
    "a keytip with a blank": ('keytip="ZF"', 'keytip=" Z"', "tab value of keytip"),
    "a size of none": ('size="large"', 'size="huge"', "button value of size"),
    "neither true nor false": (TAB, f'{TAB} visible="yes" ', "tab value of visible"),
    "a tip too long": ('supertip="', f'supertip="{"长" * 1024}', "button value of supertip"),
    "a label too long": ('<group id="nianbao.fill" label="', f'{GROUP}label="{"长" * 1024}', "group value of label"),
    "a callback too long": ('onLoad="', f'onLoad="{"x" * 1024}', "customUI value of onLoad"),
    "a picture that Office has not": ('imageMso="FileNew"', 'imageMso="FileNeu"', "button picture FileNeu"),
}
LATER = {
    "parts in another order": (
        r"(<ribbon>.*</ribbon>)(<contextMenus>.*</contextMenus>)", r"\2\1", "customUI order"
    ),
    "a size in a menu": (r'(<button id="nianbao\.menu\.cell_rules")', r'\1 size="large"', "menuButton attribute size"),
    "a heading in a menu": (r"(<menuSeparator )", r'\1 title="x" ', "menuSeparator attribute title"),
    "a menu that Office has not": (r'idMso="ContextMenuCell"', 'idMso="ContextMenuCel"', "menu ContextMenuCel"),
    "menus without a menu": (r"<contextMenus>.*</contextMenus>", "<contextMenus/>", "contextMenus 0 contextMenu"),
    "a menu of our own": (r'idMso="ContextMenuCell"', 'id="x"', "contextMenu attribute id"),
}  # fmt: skip


@pytest.mark.parametrize("edition", MADE)
@pytest.mark.parametrize("how", BROKEN)
def test_a_breach_of_each_kind_is_noticed(how: str, edition: str) -> None:
    old, new, wanted = BROKEN[how]
    assert old in MADE[edition]
    found = breaches(MADE[edition].replace(old, new, 1), edition)
    assert any(breach.startswith(wanted) for breach in found), found


@pytest.mark.parametrize("how", LATER)
def test_a_breach_of_the_menu_of_a_cell_is_noticed(how: str) -> None:
    old, new, wanted = LATER[how]
    broken, times = re.subn(old, new, MADE["2009"], count=1)
    assert times == 1
    assert any(wanted in breach for breach in breaches(broken, "2009"))


def test_the_older_schema_knows_less() -> None:
    menus = re.findall("<contextMenus>.*</contextMenus>", MADE["2009"])[0]
    assert breaches(MADE["2006"].replace("</customUI>", f"{menus}</customUI>"), "2006") == {
        "customUI child contextMenus"
    }
    scaled = {edition: xml.replace(GROUP, f'{GROUP} autoScale="true" ') for edition, xml in MADE.items()}
    assert breaches(scaled["2009"], "2009") == set()
    assert breaches(scaled["2006"], "2006") == {"group attribute autoScale"}


@given(
    st.from_regex(r"\A[a-z][A-Za-z]{0,12}\Z"), st.sampled_from([TAB, GROUP, BUTTON]), st.sampled_from(["2006", "2009"])
)
def test_no_other_attribute_passes(name: str, where: str, edition: str) -> None:
    known = {attribute for names in (*RULES["attributes"].values(), *RULES["sets"].values()) for attribute in names}
    if name not in known:
        assert breaches(MADE[edition].replace(where, f'{where} {name}="x" ', 1), edition)
