"""Pages: every unit once and in order, none beyond the page, what must stay together together."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from jusuo_desktop.printing.marks import Rule
from jusuo_desktop.printing.pagination import FREE, NEVER, OVERHANG, RATHER_NOT, Head, Span, Unit, draw_spans, paginate

HEIGHT = 600.0
UNITS = st.lists(
    st.builds(
        Unit,
        st.floats(0, 240),
        stay=st.sampled_from([FREE, FREE, FREE, RATHER_NOT, NEVER]),
        stretch=st.sampled_from([0.0, 0.0, 1.0]),
        vanish=st.booleans(),
    ),
    max_size=60,
)


@settings(max_examples=200)
@given(UNITS, st.sampled_from([0.0, 30.0]))
def test_every_unit_once_in_order_and_inside_its_page(units: list[Unit], foot: float) -> None:
    pages = paginate(units, HEIGHT, foot)
    assert [placed.unit for page in pages for placed in page] == list(range(len(units)))
    for page in pages:
        limit = HEIGHT if page is pages[-1] else HEIGHT - foot
        down = 0.0
        for placed in page:
            assert placed.top >= down - 0.01
            at_head = all(units[earlier.unit].vanish or not units[earlier.unit].height for earlier in page[: placed.unit - page[0].unit])
            assert placed.height >= units[placed.unit].height - 0.01 or (units[placed.unit].vanish and at_head)
            down = placed.top + placed.height
        assert down <= limit + 0.05


@settings(max_examples=200)
@given(UNITS)
def test_a_page_ends_where_it_may_wherever_it_holds_such_a_place(units: list[Unit]) -> None:
    pages = paginate(units, HEIGHT)
    for page, following in itertools.pairwise(pages):
        stay = units[following[0].unit].stay
        choices = [units[placed.unit].stay for placed in page[1:]]
        assert stay == min([stay, *choices])


def test_a_signature_follows_its_text_onto_the_next_page() -> None:
    units = [Unit(30.0, [Rule(0, 0, 1, 0)]) for _ in range(20)] + [Unit(30.0, [Rule(0, 0, 1, 0)], stay=NEVER)]
    assert [len(page) for page in paginate(units, HEIGHT)] == [19, 2]


def test_one_page_gives_its_spare_room_to_those_who_take_it() -> None:
    (page,) = paginate([Unit(100.0), Unit(50.0, stretch=3.0), Unit(50.0, stretch=1.0)], HEIGHT)
    assert [placed.height for placed in page] == [100.0, 350.0, 150.0]


def test_the_last_of_several_pages_is_not_stretched() -> None:
    pages = paginate([Unit(400.0, stretch=1.0), Unit(400.0, stretch=1.0)], HEIGHT)
    assert [placed.height for page in pages for placed in page] == [HEIGHT, 400.0]


def test_a_span_is_drawn_on_each_of_its_pages_a_little_off_the_text_where_it_goes_on() -> None:
    units = [Unit(200.0) for _ in range(4)]
    pages = paginate(units, HEIGHT)
    span = Span(1, 3, lambda top, bottom: [Rule(0, top, 1, bottom)])
    assert draw_spans([span], pages[0]) == [Rule(0, 200.0, 1, 600.0 + OVERHANG)]
    assert draw_spans([span], pages[1]) == [Rule(0, -OVERHANG, 1, 200.0)]


@settings(max_examples=150)
@given(UNITS, st.floats(1, 80), st.sampled_from([0.0, 30.0]))
def test_what_is_said_again_stands_once_above_the_pages_that_go_on(units: list[Unit], height: float, foot: float) -> None:
    head = Head(height, [])
    for unit in units:
        unit.head, unit.stretch = head, 0.0
    pages = paginate(units, HEIGHT, foot)
    assert [placed.unit for page in pages for placed in page] == list(range(len(units)))
    for number, page in enumerate(pages):
        heads = [placed for placed in page if placed.head]
        assert len(heads) <= (1 if number else 0)
        if number and any(placed.height for placed in page):
            (first,) = heads
            assert first.top == head.height
        assert all(placed.top + placed.height <= (HEIGHT if page is pages[-1] else HEIGHT - foot) + 0.05 for placed in page)
