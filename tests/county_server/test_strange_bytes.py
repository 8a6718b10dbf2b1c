"""S5: no byte of another scope is ever sent, over any route, to any device, whatever is moved, rescoped or revoked in between."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import true

from county_server import contents, pull, routes
from county_server.county import County
from county_server.database import Database
from county_server.founding import found, url_of
from tests.county_server.counties import COUNTY_CODE
from tests.county_server.strange_bytes import SCOPES, Bazaar, bazaar

STEPS = ("create", "create", "create", "edit", "pull", "pull", "pull", "content", "content", "bundle", "administer", "sign_in")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county") / "template"
    found(folder, COUNTY_CODE, "清溪县", [], None)
    return folder


def walked(template: Path, folder: Path, seed: int, steps: list[str]) -> Bazaar:
    """One county, asked step after step by some device, then by every device for everything."""
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(template, folder)
    database = Database(url_of(folder, None))
    try:
        with bazaar(folder, County(database), seed) as made:
            for step in steps:
                asker = made.chance.choice(made.askers)
                if step == "create":
                    made.create(asker, made.chance.choice(SCOPES))
                else:
                    getattr(made, step)(asker)
            for asker in list(made.askers):
                asker.cursor = {}
                made.pull(asker)
                made.content(asker)
                made.everything_else(asker)
                made.bundle(asker)
            return made
    finally:
        database.close()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), steps=st.lists(st.sampled_from(STEPS), min_size=25, max_size=60))
def test_no_byte_of_another_scope_is_ever_sent(template: Path, tmp_path: Path, seed: int, steps: list[str]) -> None:
    """Records, attachments, numbers, digests, bundles, refusals and nonsense; each word in each answer belongs to who reads it."""
    made = walked(template, tmp_path / "county", seed, steps)
    assert {act.path for act in routes.ACTS} <= made.paths


def test_words_are_seen_at_all(template: Path, tmp_path: Path) -> None:
    """The walk reads what may be read; a reader that sees nothing would prove nothing."""
    made = walked(template, tmp_path / "county", 5, [*["create"] * 30, *["content"] * 15, *["pull"] * 20, *["edit"] * 10])
    assert made.seen > 200


@pytest.mark.parametrize("defect", ["records", "what left", "contents"])
def test_a_filter_that_is_off_is_found(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, defect: str) -> None:
    """The proof can fail: without the scope's filter on the feed, or on the attachments, a strange word is read."""
    if defect == "contents":
        monkeypatch.setattr(contents, "within", lambda scope, device_scope: True)
    elif defect == "records":
        monkeypatch.setattr(pull, "_visible", lambda scope: true())
    else:
        monkeypatch.setattr(pull, "moves", lambda connection: [])
    steps = [*["create"] * 40, *["content"] * 25, *["administer"] * 12, "content"]
    with pytest.raises(AssertionError, match="S5"):
        _walks(template, tmp_path / "county", steps)


def _walks(template: Path, folder: Path, steps: list[str]) -> None:
    for seed in range(8):
        walked(template, folder, seed, steps)
