"""House rules for templates, style sheets and scripts. A failure names the place and says how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.support.repository import ROOT, lines, texts, under

JINJA = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
INCLUDE = re.compile(r"\{% include \"([^\"]+)\"")
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
TAG = re.compile(r"<([a-z][a-z0-9-]*)\b([^>]*)>", re.DOTALL)
ADDRESSED = re.compile(r"\s(?:href|action|formaction|hx-trigger)=")
REQUEST = re.compile(r"(?<![\w-])hx-(?:get|post|put|patch|delete)=")
INLINE = re.compile(r"""\s(?:style|on[a-z]+|hx-on[\w:-]*|data-hx-on[\w:-]*)\s*=\s*["']""")
# Data for search engines stands in an element that is called a script and is none.
SOURCE = re.compile(r"""\ssrc=|\stype="application/ld\+json\"""")
ADDRESS = re.compile(r"""(?:https?:|["'(=])//([\w.-]+)""")
# A namespace is a name, not an address; the others are reserved for examples.
HARMLESS = re.compile(r"^www\.(?:w3|sitemaps)\.org$|(^|\.)example(\.com|\.org|\.net)?$")


def test_a_fragment_extends_no_layout() -> None:
    found = [
        file
        for file, text in texts(under("templates"))
        if file.rpartition("/")[2].startswith("_") and "{% extends" in text
    ]
    assert not found, f"A _name.html is included by its page; take the extends out, or rename it: {found}"


def test_every_form_works_without_javascript() -> None:
    found = [place for place, attributes, _ in _forms() if not re.search(r"\saction=", attributes)]
    assert not found, f"Give the form a real action beside its hx- attributes: {found}"


def test_every_posted_form_carries_its_token_or_ticket() -> None:
    found = [
        place
        for place, attributes, body in _forms()
        if re.search(r"\smethod=.post", attributes, re.IGNORECASE)
        and not re.search(r"csrf_token|hidden_tag|ticket", _with_includes(body))
    ]
    assert not found, f"Put {{{{ form.csrf_token }}}} (staff) or the ticket (public) into the form: {found}"


def test_whatever_asks_the_server_has_a_real_address_too() -> None:
    found = [
        f"{file}: <{tag}>"
        for file, text in texts(under("templates"))
        for tag, attributes in TAG.findall(_without_jinja(text))
        if REQUEST.search(attributes) and not ADDRESSED.search(attributes)
    ]
    assert not found, f"Put href (a link) or action (a form) beside the hx- attribute: {found}"


def test_no_template_has_a_script_or_a_style_of_its_own() -> None:
    inline = [
        f"{file}: <{tag}{attributes}>"
        for file, text in texts(under("templates"))
        for tag, attributes in TAG.findall(_without_jinja(text))
        if INLINE.search(attributes) or tag == "style" or (tag == "script" and not SOURCE.search(attributes))
    ]
    assert not inline, f"The CSP refuses it; move it into static/css or static/js: {inline}"


def test_no_page_asks_a_third_party() -> None:
    found = [
        f"{place}: {host}"
        for place, line in lines(under("templates", "static"))
        for host in ADDRESS.findall(line)
        if not HARMLESS.search(host)
    ]
    assert not found, f"Serve it from static/ instead: {found}"


def _forms() -> Iterator[tuple[str, str, str]]:
    """Place, attributes and content of every form. Only what stands in the attributes loses its Jinja."""
    for file, text in texts(under("templates")):
        marked = JINJA.sub(lambda found: found[0].replace(">", "›"), text)
        for found in FORM.finditer(marked):
            yield f"{file}:{marked[: found.start()].count(chr(10)) + 1}", found[1], found[2]


def _with_includes(text: str) -> str:
    return text + "".join((ROOT / "templates" / name).read_text() for name in INCLUDE.findall(text))


def _without_jinja(text: str) -> str:
    return JINJA.sub("…", text)
