"""What the terminal sends, cut into keys: nothing lost, nothing that ends the program."""

from __future__ import annotations

import time
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from screens.driver import ESCAPE_WAIT, SEQUENCE_WAIT, DeskParser

# Made to look like sequences, and to go wrong.
BEGUN = ["\x1b", "\x1b[", "\x1bO", "\x1b[<", "\x1b[M", "\x1b[[", "\x1b[200~", "\x1b[1;2"]
WHOLE = ["\x1b[201~", "\x1b[48;0;0;0;0t", "\x1b[?2026;2$y", "\x1b[1;1R", "\x1b[<0;1;1M", "3000123456\r"]
WRONG = ["\x1b[99999999999999u", "\x1b[55296u", "\x1b[97:1;2u", "\x1b[1;1;55296u", "\x1b[<9999999999;1;1m"]
PIECES = st.one_of(
    st.sampled_from(BEGUN + WHOLE + WRONG),
    st.text(st.sampled_from("0123456789;:<>?$~uMmtRAO[\x1b\x00 \r\ud800æ"), max_size=12),
)


class Keyboard:
    """A parser with a clock that the test turns."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        self.parser = DeskParser()

    def send(self, data: str, *, after: float = 0.0) -> list[str]:
        self.now += after
        return told([*self.parser.tick(), *self.parser.feed(data)])

    def wait(self, seconds: float) -> list[str]:
        self.now += seconds
        return told(self.parser.tick())


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    return Keyboard(monkeypatch)


def told(messages: Iterable[Message]) -> list[str]:
    return [message.key if isinstance(message, events.Key) else type(message).__name__ for message in messages]


def test_esc_waits_for_what_could_make_it_another_key_and_no_longer(keyboard: Keyboard) -> None:
    assert keyboard.send("\x1b") == []
    assert keyboard.wait(ESCAPE_WAIT - 0.01) == []
    assert keyboard.wait(0.011) == ["escape"]
    assert ESCAPE_WAIT < 0.1


def test_esc_does_not_wait_when_an_ordinary_character_follows(keyboard: Keyboard) -> None:
    assert keyboard.send("\x1b") == []
    assert keyboard.send("3", after=0.01) == ["escape", "3"]


def test_a_code_with_a_bracket_that_comes_later_than_esc_waits_is_whole(keyboard: Keyboard) -> None:
    keyboard.send("\x1b")
    assert keyboard.send("[A30\r", after=ESCAPE_WAIT + 0.001) == [
        "escape",
        "left_square_bracket",
        "A",
        "3",
        "0",
        "enter",
    ]


def test_half_a_sequence_was_typed_when_nothing_follows(keyboard: Keyboard) -> None:
    assert keyboard.send("\x1b[1") == []
    assert keyboard.wait(SEQUENCE_WAIT - 0.01) == []
    assert keyboard.wait(0.011) == ["escape", "left_square_bracket", "1"]


def test_a_key_nobody_knows_does_nothing(keyboard: Keyboard) -> None:
    assert keyboard.send("\x1b[7;7z") == []
    assert keyboard.send("\x1b[?62;22c") == []


@pytest.mark.parametrize("nonsense", [*WRONG[:4], "\x1b[48;0;0;0;0t", "\x1b[48;24;0;400;0t"])
def test_neither_half_a_character_nor_a_screen_without_room_is_believed(keyboard: Keyboard, nonsense: str) -> None:
    assert keyboard.send(nonsense) == []
    assert keyboard.send("\x1b[48;24;80;400;800t") == ["Resize"]


def test_text_that_looks_like_a_key_nobody_knows_is_text(keyboard: Keyboard) -> None:
    assert keyboard.send("\x1b[7;7z30") == ["escape", "left_square_bracket", "7", "semicolon", "7", "z", "3", "0"]


def test_keys_held_back_keep_the_time_when_they_came(keyboard: Keyboard) -> None:
    keyboard.send("\x1b")
    keyboard.send("[", after=0.05)
    keyboard.now += 0.2
    assert [event.time for event in keyboard.parser.feed("\r")] == pytest.approx([100.0, 100.05, 100.25])


def test_keys_have_the_time_at_which_they_are_said_to_have_come(keyboard: Keyboard) -> None:
    assert [event.time for event in keyboard.parser.feed("30", at=99.0)] == [99.0, 99.0]


@given(st.lists(PIECES, max_size=12))
def test_no_stream_ends_the_program_and_the_next_scan_works(stream: list[str]) -> None:
    parser = DeskParser()
    for piece in stream:
        for message in parser.feed(piece):
            assert not isinstance(message, events.Resize) or message.size.area
    list(parser.feed("\x1b[201~"))
    list(parser.feed("~~~~\r"))
    assert told(parser.feed("3000\r")) == ["3", "0", "0", "0", "enter"]


@given(st.text(st.characters(exclude_characters="\x1b", codec="utf-8"), min_size=1))
def test_every_character_is_a_key_of_its_own_behind_esc_too(text: str) -> None:
    parser = DeskParser()
    typed = [event.character for event in parser.feed("\x1b" + text) if isinstance(event, events.Key)]
    if text[0] not in "[O\t":
        assert len(typed) == len(text) + 1
        assert typed[0] == "\x1b"
