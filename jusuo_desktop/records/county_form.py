"""A printed form as the county changed or added it: the template's text, which takes the place of the program's form of that name.

It is a record, so that it reaches every office with the next sync and an update of the program does not overwrite it.
"""

from __future__ import annotations

from jusuo_desktop.records.field import date, long_text, text, yes_no
from jusuo_desktop.records.kind import RecordKind

COUNTY_FORM = RecordKind(
    "county_form",
    "县里的表格",
    (
        text("form_title", "表格", required=True, listed=True, searched=True),
        text("form_name", "名称", required=True, listed=True, max_length=60),
        text("form_version", "版本", required=True, listed=True, max_length=12),
        yes_no("in_use", "启用", listed=True),
        date("adopted_on", "启用日期", listed=True),
        text("basis", "依据", listed=True, max_length=500, help="文件名称和文号"),
        long_text("wording", "模板", required=True),
    ),
    title=lambda v: f"{v.get('form_title', '')}（{v.get('form_version', '')}版）" if v.get("form_title") else "县里的表格",
    order="form_name",
    reference=True,
)
