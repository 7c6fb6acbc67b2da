"""Every sentence of the public site has a translation, in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from roamio_web.catalogues import source
from roamio_web.languages import TRANSLATED
from tests.support.repository import ROOT

CODES = [language.code for language in TRANSLATED]
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")
MARKUP = re.compile(r"""[<>&"]|%(?!\(\w+\)s)""")
LETTERS = re.compile(r"[A-Za-z]+")
SAME_IN_EVERY_LANGUAGE = {"WhatsApp", "Roamio: %(what)s (%(reference)s)"}
FIT = {"hi": re.compile(r"[\u0900-\u097f]"), "ar": re.compile(r"[\u0600-\u06ff]")}
"""The script of each language."""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What the code and the templates say today, gathered anew."""
    template = tmp_path_factory.mktemp("messages") / "messages.pot"
    mapping = str(ROOT / "pyproject.toml")
    arguments = ["pybabel", "-q", "extract", "-F", mapping, "-o", str(template), "--no-wrap", str(ROOT)]
    CommandLineInterface().run(arguments)
    return catalogue(template)


@pytest.fixture(params=CODES)
def translated(request: pytest.FixtureRequest) -> Catalog:
    return catalogue(source(request.param), request.param)


def catalogue(path: Path, code: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=code)


def messages(found: Catalog) -> dict[str, Message]:
    """Each message by its English words; where a number decides, by those for one."""
    return {identity(message): message for message in found if message.id}


def identity(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def words(message: Message) -> tuple[str, ...]:
    """Its translation, or its translations where a number decides."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def test_a_reader_of_another_language_finds_every_sentence(said: Catalog, translated: Catalog) -> None:
    wanted, there = messages(said), messages(translated)
    assert len(wanted) > 500
    lacking = sorted(wanted.keys() - there.keys())
    assert not lacking, f"Run `make messages`, then translate in {translated.locale}: {lacking}"
    needless = sorted(there.keys() - wanted.keys())
    assert not needless, f"Run `make messages`: nobody says this any more: {needless}"


def test_no_sentence_is_left_empty_or_guessed(translated: Catalog) -> None:
    open_ones = [
        name
        for name, message in messages(translated).items()
        if message.fuzzy or not all(text.strip() for text in words(message))
    ]
    assert not open_ones, f"Translate into {translated.locale}, and take the mark `fuzzy` off: {open_ones}"


def test_a_number_finds_each_of_its_forms(translated: Catalog) -> None:
    counted = [message for message in messages(translated).values() if not isinstance(message.id, str)]
    assert counted
    assert {len(words(message)) for message in counted} == {translated.num_plurals}


def test_what_is_filled_in_has_its_place_in_every_language(translated: Catalog) -> None:
    wrong = [
        name
        for name, message in messages(translated).items()
        for text in words(message)
        if not _holds(text, message)
    ]
    assert not wrong, f"Give {translated.locale} the same placeholders as English: {wrong}"


def test_a_translation_brings_no_markup(said: Catalog, translated: Catalog) -> None:
    """They stand in pages as they are."""
    texts = [*messages(said), *(text for message in messages(translated).values() for text in words(message))]
    wrong = [text for text in texts if MARKUP.search(text)]
    assert not wrong, f"Put tags into the template, and typographic quotes into the sentence: {wrong}"


def test_a_translation_is_in_its_own_script(translated: Catalog) -> None:
    script = FIT[str(translated.locale)]
    wrong = [
        text
        for name, message in messages(translated).items()
        for text in words(message)
        if name not in SAME_IN_EVERY_LANGUAGE
        and LETTERS.search(PLACEHOLDER.sub("", name))
        and not script.search(text)
    ]
    assert not wrong, f"Say it in {translated.locale}: {wrong}"


def _holds(text: str, message: Message) -> bool:
    """Words for one or two may do without the number; nothing else may be missing or added."""
    several = message.id if isinstance(message.id, str) else message.id[-1]
    wanted, found = sorted(PLACEHOLDER.findall(several)), sorted(PLACEHOLDER.findall(text))
    return found == wanted or (not isinstance(message.id, str) and set(found) <= set(wanted))
