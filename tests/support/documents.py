"""A JSON document to change."""

from __future__ import annotations

import json
from typing import Any

from cases import sound

import workbook


def document() -> dict[str, Any]:
    return json.loads(workbook.to_json(sound("2021")))
