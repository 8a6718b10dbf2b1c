"""The declarations hold together: every link, list and workflow state that they name exists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.identity import new_id, packed, place_id, unpacked
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.registry import KINDS, children_of, kind_of


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda k: k.name)
def test_a_kind_names_only_what_exists(kind: RecordKind) -> None:
    assert len({f.name for f in kind.fields}) == len(kind.fields)
    for field in kind.fields:
        assert field.label
        if field.code_list:
            assert code_list(field.code_list).codes
        if field.link:
            assert field.link in KINDS
    for name in (kind.number, kind.order):
        assert not name or name in kind.by_name
    assert set(kind.parents) <= set(KINDS)
    assert isinstance(kind.title({}), str), "a record without values still has a line to be called by"


@pytest.mark.parametrize("kind", [k for k in KINDS.values() if k.workflow], ids=lambda k: k.name)
def test_a_workflow_moves_between_codes_of_its_list_and_leaves_no_state_unreachable(kind: RecordKind) -> None:
    assert kind.workflow is not None
    states = {code for code, _ in code_list(kind.by_name[kind.workflow.field].code_list).codes}
    reached = {kind.workflow.first}
    for _ in states:
        reached |= {s.target for s in kind.workflow.steps if reached & set(s.sources)}
    assert reached == states
    assert all(set(s.sources) <= states for s in kind.workflow.steps)


def test_children_are_found_from_their_parents() -> None:
    assert {"party", "mediation_session", "agreement", "evaluation"} <= {k.name for k in children_of("mediation")}
    with pytest.raises(KeyError):
        kind_of("no_such_kind")


@given(st.uuids())
def test_an_identity_survives_packing(identity: object) -> None:
    assert unpacked(packed(str(identity))) == str(identity)


def test_identities_sort_by_time_and_places_are_the_same_everywhere() -> None:
    made = [new_id() for _ in range(1000)]
    assert made == sorted(made)
    assert len(set(made)) == 1000
    assert place_id("village", "990101001201") == place_id("village", "990101001201") != place_id("village", "990101001202")
    assert unpacked(packed("")) == ""
