"""A county as its administrator finds it after some months: offices, laptops, one silent, one shut out, changes set aside, blocks, a stick."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

from sqlalchemy import insert, update

from county_server import devices, notes
from county_server.county import County
from county_server.database import Database
from county_server.founding import url_of
from county_server.schema import COURIER_FILE, DEVICE
from jusuo_desktop.records.identity import new_id, packed, place_id
from jusuo_desktop.wire.messages import LeaseRequest, PullRequest
from tests.county_server.counties import COUNTY_CODE, change, enrolled, send

OFFICES = ("西塘", "东岭", "北河", "南湾")
HOSTILE = '<img src=x onerror="document.title=\'broken\'"><script>document.title="broken"</script>&amp;'
DAY = 24 * 3_600_000


def populate(folder: Path) -> dict[str, str]:
    """Fills the county in `folder`; device names with their identities."""
    with closing(Database(url_of(folder, None))) as database:
        county = County(database)
        ids: dict[str, str] = {}
        for number, name in enumerate(OFFICES, 1):
            office, village = f"{COUNTY_CODE}00{number}", f"{COUNTY_CODE}00{number}001"
            ids[f"{name}所前台"] = front = enrolled(county, office, f"{name}所前台")[0]
            ids[f"{name}村笔记本"] = laptop = enrolled(county, village, f"{name}村笔记本")[0]
            committee = new_id()
            told = {"name": f"{name}司法所", "division_code": office, "county_name": "清溪县"}
            send(
                county,
                front,
                change(told, kind="judicial_office", scope=office, record_id=packed(place_id("judicial_office", office))),
                change({"name": f"{name}村", "division_code": village}, kind="village", scope=office, record_id=packed(place_id("village", village))),
                change({"name": f"{name}村调委会", "short_name": "西民"}, kind="mediation_committee", scope=office, record_id=packed(committee)),
                *(change({"name": f"来访{n}"}, scope=office) for n in range(3 * number)),
            )
            county.lease(front, LeaseRequest(packed(new_id()), f"{committee}/2026/mediation", 50))
            county.pull(front, PullRequest(county.epoch, {}, 1 << 20))
            if number % 2:
                county.pull(laptop, PullRequest(county.epoch, {}, 1 << 20))
            county.sightings.runs(front, "0.1.0")
            send(county, front, change({"name": "再来一件"}, scope=office))
        send(
            county,
            front,
            change({"name": "错", "reply_due_on": "昨天"}, scope=office),
            change({"name": "张"}, kind="party", scope=office, parent_id=packed(new_id())),
        )
        ids[HOSTILE] = enrolled(county, f"{COUNTY_CODE}001", HOSTILE)[0]
        ids["旧电脑"] = old = enrolled(county, f"{COUNTY_CODE}002", "旧电脑")[0]
        county.write_down()
        now = county.now()
        with database.writing() as connection:
            devices.revoke(connection, old, now - 30 * DAY)
            silent = ids["北河村笔记本"]
            connection.execute(update(DEVICE).where(DEVICE.c.id == silent).values(last_contact=now - 19 * DAY))
            counts = json.dumps({"accepted": 41, "duplicate": 3, "conflict": 1})
            row = {"digest": "7K2M-Q8ZP", "device_id": silent, "taken_at": now - 2 * DAY, "times": 2, "counts": counts, "entries": 118}
            connection.execute(insert(COURIER_FILE).values(row))
            notes.put(connection, notes.BACKUP, "/srv/backup/county-20261123.db", now - DAY)
    return ids
