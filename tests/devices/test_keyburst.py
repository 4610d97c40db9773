"""What is a scan and what is typing (C1)."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from devices.keyburst import BurstRules, Code, KeyBurst, Mode, Outcome, Stroke, codes_in_paste

CODE = "3000123456"
NAMES = {"\r": "enter", "\t": "tab", " ": "space", "\n": "ctrl+j", "\x7f": "backspace"}
FRAMED = BurstRules(prefix="~", suffix="#")

# Everything that a keyboard or a scanner may send as a character, and keys without one.
characters = st.characters(codec="utf-8", exclude_characters="\r\t\n\x1b")
keys = st.one_of(st.sampled_from(["\r", "\t", "\n", "escape", "f2", "\x7f"]), st.sampled_from("0123456789"), characters)
rules = st.sampled_from([BurstRules(), FRAMED, BurstRules(suffix="#"), BurstRules(prefix="]C"), BurstRules(limit=8)])


def stroke(key: str, at: float) -> Stroke:
    if len(key) > 1:
        return Stroke(key, "\x1b" if key == "escape" else None, at)
    return Stroke(NAMES.get(key, key), key, at)


def feed(burst: KeyBurst, text: str, mode: Mode = Mode.OPEN, *, at: float = 0.0, pause: float = 0.001) -> list[Outcome]:
    """Feed a text, each character so many seconds after the one before."""
    outcomes: list[Outcome] = []
    for position, character in enumerate(text):
        outcomes += burst.feed(stroke(character, at + position * pause), mode)
    return outcomes


def told(outcomes: list[Outcome]) -> list[str]:
    """Codes in angle brackets, keys by their character or name."""
    return [f"<{each.text}>" if isinstance(each, Code) else each.character or each.key for each in outcomes]


def scan(text: str, mode: Mode = Mode.OPEN, rules: BurstRules | None = None, pause: float = 0.001) -> list[str]:
    """Feed a text to a fresh state and wait until nothing is held."""
    burst = KeyBurst(rules)
    return told([*feed(burst, text, mode, pause=pause), *burst.expire()])


@pytest.mark.parametrize("ending", ["\r", "\t", "\r\n", "\r\r"])
def test_six_fast_characters_and_an_ending_are_a_code(ending: str) -> None:
    assert scan("300012" + ending) == ["<300012>"]


def test_five_are_typing() -> None:
    assert scan("30001\r") == [*"30001", "\r"]


def test_without_an_ending_it_is_typing() -> None:
    assert scan(CODE) == [*CODE]


def test_35_milliseconds_between_two_keys_are_a_scan_and_36_are_not() -> None:
    assert scan(CODE + "\r", pause=0.034999) == [f"<{CODE}>"]
    assert scan(CODE + "\r", pause=0.036) == [*CODE, "\r"]


def test_an_enter_that_comes_late_ends_no_scan() -> None:
    burst = KeyBurst()
    feed(burst, CODE)
    assert told(feed(burst, "\r", at=0.1)) == [*CODE, "\r"]


def test_nothing_is_told_before_the_ending() -> None:
    burst = KeyBurst()
    assert feed(burst, CODE) == []
    assert burst.deadline == pytest.approx(0.009 + 0.035)


def test_a_code_says_when_its_last_key_came() -> None:
    (code,) = feed(KeyBurst(), CODE + "\r", at=7.0)
    assert isinstance(code, Code)
    assert code.at == pytest.approx(7.010)


def test_two_scans_back_to_back_are_two() -> None:
    assert scan(f"{CODE}\r3000123457\r") == [f"<{CODE}>", "<3000123457>"]


def test_typing_right_before_an_enter_does_not_spoil_the_next_scan() -> None:
    assert scan(f"12\r{CODE}\r") == ["1", "2", "\r", f"<{CODE}>"]


def test_the_rest_of_a_run_that_was_given_back_is_no_code() -> None:
    burst = KeyBurst()
    outcomes = feed(burst, "300") + burst.expire() + feed(burst, "0123456\r", at=0.003)
    assert told(outcomes) == [*CODE, "\r"]


def test_a_key_without_a_character_ends_a_run() -> None:
    burst = KeyBurst()
    outcomes = feed(burst, "3000") + burst.feed(stroke("f2", 0.005), Mode.OPEN) + feed(burst, CODE + "\r", at=0.006)
    assert told(outcomes) == [*"3000", "f2", f"<{CODE}>"]


def test_esc_is_never_part_of_a_code() -> None:
    burst = KeyBurst()
    outcomes = burst.feed(stroke("escape", 0.0), Mode.OPEN) + feed(burst, CODE + "\r", at=0.001)
    assert told(outcomes) == ["\x1b", f"<{CODE}>"]


def test_a_backspace_held_down_is_not_held_up() -> None:
    burst = KeyBurst()
    assert [len(burst.feed(stroke("\x7f", at * 0.033), Mode.OPEN)) for at in range(9)] == [1] * 9


def test_a_hostile_code_comes_whole() -> None:
    code = "[/]\x11\x00\x7f\u202eÆ\ud800 "
    assert scan(code + "\r") == [f"<{code}>"]


def test_a_stripe_comes_whole() -> None:
    stripe = "%DOE^JOHN" + " " * 67 + "?;" + "9" * 37 + "?"
    assert len(stripe) == 116
    assert scan(stripe + "\r") == [f"<{stripe}>"]


@pytest.mark.parametrize("ending", ["\r", "", "f2"])
def test_what_is_too_long_for_any_code_is_one_code_however_it_ends(ending: str) -> None:
    burst = KeyBurst()
    outcomes = feed(burst, "x" * 5000)
    outcomes += burst.feed(stroke(ending, 5.0), Mode.OPEN) if ending else []
    assert told(outcomes + burst.expire())[0] == f"<{'x' * 257}>"
    assert len(outcomes) <= 2


def test_a_password_is_never_a_code() -> None:
    assert scan(CODE + "\r", Mode.OFF) == [*CODE, "\r"]
    burst = KeyBurst()
    assert [len(burst.feed(stroke(digit, 0.0), Mode.OFF)) for digit in CODE] == [1] * 10


def test_a_password_that_closes_its_field_midway_stays_typing() -> None:
    burst = KeyBurst()
    assert told(feed(burst, "1234", Mode.OFF) + feed(burst, "56789012\r", Mode.OPEN, at=0.004)) == [
        *"123456789012",
        "\r",
    ]


def test_a_scan_during_which_a_password_is_asked_for_stays_a_scan() -> None:
    burst = KeyBurst()
    assert told(feed(burst, "3000") + feed(burst, "123456\r", Mode.OFF, at=0.004)) == [f"<{CODE}>"]


@pytest.mark.parametrize("text", ["hansen\r", "abc12345\r", "123456abc789\r", "12-34-56-78\r", "abc123456"])
def test_words_in_a_field_for_words_are_typing(text: str) -> None:
    assert scan(text, Mode.FREE_TEXT) == [*text]


def test_letters_in_a_field_for_words_are_not_held() -> None:
    burst = KeyBurst()
    assert told(feed(burst, "hans", Mode.FREE_TEXT)) == [*"hans"]


@pytest.mark.parametrize("typed", ["a", "aftalt", "nr. ", "gade 12, ", "åæø", "300012x"])
@pytest.mark.parametrize("ending", ["\r", "\t", "\r\n"])
def test_a_scan_directly_after_typed_words_is_a_scan_and_the_words_stay(typed: str, ending: str) -> None:
    assert scan(typed + CODE + ending, Mode.FREE_TEXT) == [*typed, f"<{CODE}>"]


def test_words_typed_by_hand_right_before_a_scan_stay() -> None:
    burst = KeyBurst()
    typed = feed(burst, "aftalt", Mode.FREE_TEXT, pause=0.12)
    assert told(typed + feed(burst, CODE + "\r", Mode.FREE_TEXT, at=0.61)) == [*"aftalt", f"<{CODE}>"]


def test_a_framed_scan_directly_after_typed_words_or_figures_is_a_scan() -> None:
    assert scan("aftalt~bog-1#", Mode.FREE_TEXT, FRAMED) == [*"aftalt", "<bog-1>"]
    assert scan("kl. 12~bog-1#\r", Mode.FREE_TEXT, FRAMED) == [*"kl. 12", "<bog-1>"]


def test_what_follows_half_a_scan_or_a_password_in_a_field_for_words_is_typing() -> None:
    burst = KeyBurst()
    torn = feed(burst, "300", Mode.FREE_TEXT) + burst.expire() + feed(burst, "0123456\r", Mode.FREE_TEXT, at=0.003)
    assert told(torn) == [*CODE, "\r"]
    burst = KeyBurst()
    assert told(feed(burst, "hemmelig", Mode.OFF) + feed(burst, "123456\r", Mode.FREE_TEXT, at=0.008)) == [
        *"hemmelig123456",
        "\r",
    ]


def test_a_user_name_that_a_machine_typed_stays_whole() -> None:
    assert scan("ab123456\t", Mode.NAME) == [*"ab123456", "\t"]
    assert scan(CODE + "\r", Mode.NAME) == [f"<{CODE}>"]


def test_digits_in_a_field_for_words_are_a_code() -> None:
    assert scan(CODE + "\r", Mode.FREE_TEXT) == [f"<{CODE}>"]


def test_a_frame_needs_no_ending_and_swallows_one() -> None:
    assert scan("~bog-1#", rules=FRAMED) == ["<bog-1>"]
    assert scan("~bog-1#\r~bog-2#\r", rules=FRAMED) == ["<bog-1>", "<bog-2>"]


@pytest.mark.parametrize("mode", [Mode.OPEN, Mode.FREE_TEXT])
def test_prefix_and_suffix_are_no_part_of_a_code(mode: Mode) -> None:
    rules = BurstRules(prefix="]C0", suffix="##")
    assert scan("]C03000#12##", mode, rules) == ["<3000#12>"]
    assert scan("]C0300012\r", mode, rules) == ["<300012>"]
    assert scan("300012##", mode, BurstRules(suffix="##")) == ["<300012>"]


def test_half_a_prefix_in_a_field_for_words_is_typing() -> None:
    assert scan("]C\r", Mode.FREE_TEXT, BurstRules(prefix="]C0")) == [*"]C", "\r"]
    assert scan("]Cxyz123\r", Mode.FREE_TEXT, BurstRules(prefix="]C0")) == [*"]Cxyz123", "\r"]


def test_a_paste_of_scans_is_scans() -> None:
    assert codes_in_paste("3000123456\r\n3000123457\n") == ("3000123456", "3000123457")


@pytest.mark.parametrize("text", ["", "3000123456", "3000123456\nkort\n", "3000123456\nHr. Hansen bor her", "\n\n"])
def test_any_other_paste_is_text(text: str) -> None:
    assert codes_in_paste(text) == ()


def test_a_paste_into_a_field_for_words_must_be_digits_and_into_a_password_is_text() -> None:
    assert codes_in_paste("hansen\n", Mode.FREE_TEXT) == ()
    assert codes_in_paste("3000123456\n", Mode.FREE_TEXT) == ("3000123456",)
    assert codes_in_paste("3000123456\n", Mode.OFF) == ()


def test_no_repr_shows_a_code() -> None:
    burst = KeyBurst()
    assert CODE not in repr(feed(burst, CODE + "\r"))
    assert "secret" not in repr(stroke("secret", 0.0))


@given(
    st.lists(
        st.tuples(keys, st.sampled_from([0.0, 0.001, 0.035, 0.2]), st.sampled_from(Mode), st.booleans()), max_size=60
    ),
    rules,
)
def test_nothing_is_lost_doubled_or_turned_around(run: list[tuple[str, float, Mode, bool]], rules: BurstRules) -> None:
    burst, at = KeyBurst(rules), 0.0
    sent: list[Stroke] = []
    outcomes: list[Outcome] = []
    for key, pause, mode, waits in run:
        outcomes += burst.expire() if waits else []
        at += pause
        sent.append(stroke(key, at))
        outcomes += burst.feed(sent[-1], mode)
    outcomes += burst.expire()
    left = list(reversed(sent))
    for outcome in outcomes:
        # What stands before a stroke given back, or in a code, and is neither: the endings of the codes before it.
        if isinstance(outcome, Stroke):
            while left[-1] is not outcome:
                assert _is_ending(left.pop(), rules)
            left.pop()
        else:
            _take(outcome.text, left, rules)
    assert all(_is_ending(rest, rules) for rest in left)


def _is_ending(rest: Stroke, rules: BurstRules) -> bool:
    beyond_limit = rules.limit < 60
    return rest.key in {"enter", "tab"} or rest.character in {"\n", *rules.suffix} or beyond_limit


def _take(text: str, left: list[Stroke], rules: BurstRules) -> None:
    while _is_ending(left[-1], rules) and left[-1].character != text[0]:
        left.pop()
    if rules.prefix and "".join(each.character or "" for each in reversed(left)).startswith(rules.prefix + text):
        del left[-len(rules.prefix) :]
    for character in text:
        assert left.pop().character == character


@given(st.lists(keys, max_size=20), st.text(characters, min_size=6, max_size=256))
def test_six_fast_characters_and_enter_are_a_code_whatever_came_before(before: list[str], text: str) -> None:
    assume(text[0] != "\x7f")
    burst, at = KeyBurst(), 0.0
    for key in before:
        burst.feed(stroke(key, at), Mode.OPEN)
    assert f"<{text}>" in told(feed(burst, text + "\r", at=1.0, pause=0.035 / 2))


@given(st.lists(keys, max_size=40), rules, st.sampled_from(Mode))
def test_slow_typing_is_never_a_code(typed: list[str], rules: BurstRules, mode: Mode) -> None:
    burst = KeyBurst(rules)
    strokes = [stroke(key, position * 0.0351) for position, key in enumerate(typed)]
    outcomes = [outcome for each in strokes for outcome in burst.feed(each, mode)] + burst.expire()
    assert outcomes == strokes


def test_the_last_of_several_pasted_lines_needs_no_line_end() -> None:
    assert codes_in_paste("3000000001\n3000000002\n3000000003") == ("3000000001", "3000000002", "3000000003")
    assert codes_in_paste("3000000001") == ()
