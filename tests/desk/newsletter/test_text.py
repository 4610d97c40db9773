"""Markdown as plain text and as HTML: nothing in it runs, and nothing is fetched."""

from __future__ import annotations

import pytest

from desk.errors import InvalidInput
from desk.newsletter.text import for_reader, page, read_newsletter

LETTER = """# Nyt i *marts*

Kære {first_name}

Se [siden](https://struer.example) og <https://struer.example/b>.

- en
- to

  stadig to

1. første
2. anden

> sagt

```
kode
```

***
"""


def test_plain_text_reads_as_it_was_meant() -> None:
    newsletter = read_newsletter(LETTER)
    assert newsletter.subject == "Nyt i marts"
    assert newsletter.text == (
        "Nyt i marts\n\nKære {first_name}\n\n"
        "Se siden (https://struer.example) og https://struer.example/b.\n\n"
        "- en\n\n- to\n\n  stadig to\n\n1. første\n2. anden\n\n> sagt\n\nkode\n\n" + "-" * 40 + "\n"
    )


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src="https://elsewhere.example/seen.png">',
        "![set](https://elsewhere.example/seen.png)",
        "[klik](javascript:alert(1))",
        "[klik](data:text/html;base64,PHNjcmlwdD4=)",
        "[klik][1]\n\n[1]: javascript:alert(1)",
        '<a href="https://x.example" onclick="x()">x</a>',
        "&lt;script&gt;",
    ],
)
def test_nothing_in_it_runs_and_nothing_is_fetched(hostile: str) -> None:
    html = read_newsletter(f"# Nyt\n\n{hostile}\n").html
    for dangerous in ("<script", "<img", "src=", 'href="javascript', 'href="data', "<a "):
        assert dangerous not in html.replace("&lt;a ", "").replace("src=&quot;", "")


def test_a_picture_is_its_description() -> None:
    newsletter = read_newsletter("# Nyt\n\n![En *rød* bog](https://x.example/b.png)\n")
    assert "<p>En rød bog</p>" in newsletter.html
    assert "En rød bog" in newsletter.text
    assert "x.example" not in newsletter.text + newsletter.html


@pytest.mark.parametrize(
    ("name", "text", "html"),
    [
        ("Anna", "Kære Anna, hej", "Kære Anna, hej"),
        ("", "Kære, hej", "Kære, hej"),
        ("<b>[/]&", "Kære <b>[/]&, hej", "Kære &lt;b&gt;[/]&amp;, hej"),
        ("\\g<0>\r\nBcc: x", "Kære \\g<0> Bcc: x, hej", "Kære \\g&lt;0&gt; Bcc: x, hej"),
        ("{first_name}", "Kære {first_name}, hej", "Kære {first_name}, hej"),
    ],
)
def test_the_greeting_is_by_first_name_and_only_text(name: str, text: str, html: str) -> None:
    assert for_reader("Kære {first_name}, hej", name) == text
    assert for_reader("Kære {first_name}, hej", name, in_html=True) == html


@pytest.mark.parametrize(
    ("markdown", "why"),
    [("ingen overskrift", "no_subject"), ("", "no_subject"), ("# ", "no_subject"), ("# Nyt\n", "empty")],
)
def test_what_is_no_newsletter_is_refused(markdown: str, why: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_newsletter(markdown)
    assert refused.value.why == why


def test_a_subject_is_not_endless() -> None:
    with pytest.raises(InvalidInput):
        read_newsletter(f"# {'æ' * 201}\n\nx")


def test_the_title_of_the_page_is_text() -> None:
    assert "<title>&lt;/title&gt;</title>" in page("</title>", "", "da")
