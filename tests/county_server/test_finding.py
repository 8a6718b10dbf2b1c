"""What a clerk tells on the telephone is found again: by receipt number, by record, by change; and no value of the record is told."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from county_server.finding import Found, NotFound, find
from jusuo_desktop.records.identity import unpacked
from tests.county_server.counties import OFFICE, change, enrolled, entries, founded, send

SECRET = "李四的隐情"


def test_a_receipt_a_record_and_a_change_lead_to_the_same_record(tmp_path: Path) -> None:
    with founded(tmp_path / "county") as county:
        a, b = enrolled(county, OFFICE, "前台电脑")[0], enrolled(county, OFFICE, "所长电脑")[0]
        made = change({"name": SECRET, "consultation_number": "〔2026〕清咨字第3号"})
        other = change({"name": "别人"})
        later = change({"contact_phone": "13800000000"}, record_id=made.record_id, base_version=1)
        late = change({"contact_phone": "13900000000"}, record_id=made.record_id, base_version=1)
        for device, *changes in ((a, made, other), (a, later), (b, late)):
            send(county, device, *changes)
        places = {e.change_id: f"{e.feed}-{e.seq}" for e in entries(county, a)}

        def found(number: str) -> Found:
            with county.database.reading() as connection:
                return find(connection, number)

        first = found(places[made.change_id])
        assert (first.record, first.number, first.device_name, first.version) == (unpacked(made.record_id), "〔2026〕清咨字第3号", "前台电脑", 3)
        assert first.fields == ["咨询人姓名", "咨询编号"]
        assert found(unpacked(made.record_id)).receipt == places[late.change_id]
        assert found(unpacked(late.change_id)) == found(places[late.change_id])
        assert (found(places[late.change_id]).device_name, found(places[late.change_id]).conflicts) == ("所长电脑", 1)
        assert SECRET not in str(first)
        for wrong, said in ((f"{OFFICE}-999", "没有回执号为"), ("十二号", "不是回执号"), (str(uuid.uuid4()), "还没有上报，或者没有被接收")):
            with pytest.raises(NotFound, match=said):
                found(wrong)
