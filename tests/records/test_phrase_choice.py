"""Which paragraphs a few letters offer; the samples that an office begins with."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.actions.phrases import PHRASES_FILE
from jusuo_desktop.records.check import check
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.phrase import PHRASE
from jusuo_desktop.records.phrase_choice import Phrase, choice, phrase, with_names
from jusuo_desktop.store.pinyin import initials

FENCE = Phrase("1", "通道被占", ("tdbz",), "……", ("2",), ("dispute_summary",), 20)
PAID = Phrase("2", "一次付清", ("ycfq",), "……", ("4",), ("agreement_content",), 10)
ANY = Phrase("3", "通用", ("ty",), "……", (), (), 5)


def test_what_is_made_for_the_place_and_type_comes_first() -> None:
    assert choice((ANY, FENCE, PAID), "", "dispute_summary", "2") == [FENCE, ANY]
    assert choice((ANY, FENCE, PAID), "t", "dispute_summary", "2") == [FENCE, ANY]
    assert choice((ANY, FENCE, PAID), "ty", "dispute_summary", "2") == [ANY]
    assert choice((ANY, FENCE), "被占", "dispute_summary", "") == [FENCE]
    assert choice((ANY, FENCE), "t", "dispute_summary", "4") == [ANY]
    assert choice((ANY, FENCE), "q", "dispute_summary", "2") == []


@given(st.permutations([ANY, FENCE, PAID]), st.text(max_size=3), st.sampled_from(("", "2", "4")))
def test_the_order_of_reading_does_not_matter(phrases: list[Phrase], typed: str, kind: str) -> None:
    assert choice(phrases, typed, "dispute_summary", kind) == choice(phrases[::-1], typed, "dispute_summary", kind)


def test_names_that_are_known_are_not_asked_for() -> None:
    parties = ({"name": "张三", "party_role": "1"}, {"organization_name": "纺织厂", "party_role": "2"}, {"name": "李四", "party_role": "2"}, {})
    assert with_names("【申请人】与【被申请人】因【　】", parties) == "张三与纺织厂、李四因【　】"
    assert with_names("【申请人】与【被申请人】", ()) == "【申请人】与【被申请人】"


def test_the_samples_are_sound_and_each_is_found_by_its_letters() -> None:
    samples = tomllib.loads(PHRASES_FILE.read_text(encoding="utf-8"))["phrase"]
    assert len({s["key"] for s in samples}) == len({s["name"] for s in samples}) == len(samples)
    phrases = []
    for sample in samples:
        values = {n: sample[n] for n in sample if n != "key"}
        assert not check(PHRASE, values), sample["key"]
        assert sample["wording"].count("【") == sample["wording"].count("】")
        phrases.append(phrase(sample["key"], values, initials))
    for one in phrases:
        kind = one.dispute_types[0] if one.dispute_types else "1"
        assert one in choice(phrases, one.letters[0], one.places[0], kind), one.name
        assert one.letters[0].isascii()
    covered = {place for one in phrases for place in one.places}
    assert covered == set(code_list("phrase_place").labels)
