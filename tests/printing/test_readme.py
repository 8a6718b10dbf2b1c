"""forms/README.md is complete: it names every key and word that the reader accepts, and its examples are good forms."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from jusuo_desktop.printing import FORMS, Sheet, blocks_reader, render, template_reader, wording_reader
from jusuo_desktop.printing.fonts import ROLES
from jusuo_desktop.printing.template_reader import SIZES, read_template

README = (FORMS / "README.md").read_text(encoding="utf-8")
CODE = set(re.findall(r"`([^`\n]+)`", README)) | set(re.findall(r"```yaml\n(.*?)```", README, re.DOTALL))


def accepted() -> set[str]:
    """Every literal that the readers pass to Entry.mapping or Entry.one_of, and the words that begin a block."""
    words = {*blocks_reader.STYLE_KEYS, *blocks_reader.CELL_KEYS, *SIZES, *ROLES}
    for module in (blocks_reader, template_reader, wording_reader):
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("mapping", "one_of"):
                words |= {a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)}
            if isinstance(node, ast.Dict):
                words |= {k.value for k in node.keys if isinstance(k, ast.Constant) and isinstance(k.value, str) and k.value.isascii()}
    return words - {"true", "false"}


def test_the_reader_accepts_what_we_think() -> None:
    assert len(accepted()) > 70


@pytest.mark.parametrize("word", sorted(accepted()))
def test_every_key_is_described(word: str) -> None:
    assert any(re.search(rf"(?<![a-z_]){re.escape(word)}(?![a-z_])", code) for code in CODE), word


def examples() -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)


def test_the_form_in_full_is_a_good_form() -> None:
    template = read_template(examples()[0].encode(), "contact_slip.yaml")
    assert render(template, Sheet()).startswith(b"%PDF")
    assert template.copies == 2


@pytest.mark.parametrize("number", range(1, len(examples())))
def test_the_other_examples_are_good_forms_or_blocks(number: int) -> None:
    head = 'form: example\ntitle: 例\nversion: "1"\nkind: mediation\nbody:\n'
    said = examples()[number]
    template = read_template((said if said.startswith("form:") else head + said).encode(), "example.yaml")
    assert render(template, Sheet()).startswith(b"%PDF")


def test_the_error_it_quotes_is_the_error_that_is_said() -> None:
    raw = (FORMS / "consultation_register.yaml").read_bytes().replace(b"field: address", b"field: adress")
    quoted = re.search(r"`(consultation_register.yaml:\d+: [^`]+)`", README)
    assert quoted
    with pytest.raises(template_reader.TemplateError) as error:
        read_template(raw, "consultation_register.yaml")
    assert re.sub(r":\d+:", ":", error.value.message) == re.sub(r":\d+:", ":", quoted[1])
