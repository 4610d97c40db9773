"""Messages in words, for screens and commands alike: kinds, channels, states, problems, faulty templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from desk.messages.template_files import Fault
from desk.texts import N_, NP_, _, pgettext
from desk.wording import plain

KINDS: Final[Mapping[str, str]] = {
    "reservation_ready": NP_("message", "reservation ready"),
    "reminder": NP_("message", "reminder"),
    "recall": NP_("message", "recall"),
    "bill": NP_("message", "bill"),
    "block": NP_("message", "block notice"),
    "receipt": NP_("message", "receipt"),
    "deletion_approved": NP_("message", "deletion approved"),
}
CHANNELS: Final[Mapping[str, str]] = {
    "sms": NP_("message", "sms"),
    "email": NP_("message", "e-mail"),
    "none": NP_("message", "–"),
}
STATES: Final[Mapping[str, str]] = {
    "waiting": NP_("message", "waiting"),
    "sending": NP_("message", "being sent"),
    "sent": NP_("message", "sent"),
    "failed": NP_("message", "not sent: {reason}"),
    "no_contact": NP_("message", "no contact details"),
}
# Why a message was not sent, or waits to be tried again.
PROBLEMS: Final[Mapping[str, str]] = {
    "uncertain": NP_("problem", "uncertain whether it was sent"),
    "cancelled": NP_("problem", "cancelled at the counter"),
    "lapsed": NP_("problem", "no longer relevant"),
    "no_contact": NP_("problem", "no contact details"),
    "facts": NP_("problem", "the text could not be made"),
    "too_long": NP_("problem", "longer than a text message"),
    "not_gsm7": NP_("problem", "characters that a text message lacks"),
    "address_refused": NP_("problem", "the e-mail address was refused"),
    "mailbox_unknown": NP_("problem", "the e-mail address does not exist"),
    "mailbox_busy": NP_("problem", "the mailbox takes nothing right now"),
    "sender_refused": NP_("problem", "the library's address was refused"),
    "content_refused": NP_("problem", "the mail server refused the text"),
    "server_busy": NP_("problem", "the mail server is busy"),
    "server_away": NP_("problem", "the mail server does not answer"),
    "server_untrusted": NP_("problem", "the mail server's certificate is not to be trusted"),
    "no_tls": NP_("problem", "the mail server does not encrypt the line"),
    "server_refuses_all": NP_("problem", "the mail server refuses everybody"),
    "login_refused": NP_("problem", "the mail server refused the password"),
    "number_refused": NP_("problem", "not a telephone number"),
    "gateway_refused": NP_("problem", "the sms gateway refused it"),
    "gateway_busy": NP_("problem", "the sms gateway is busy"),
    "gateway_slow": NP_("problem", "the sms gateway did not answer in time"),
    "gateway_failed": NP_("problem", "the sms gateway failed"),
    "gateway_away": NP_("problem", "the sms gateway does not answer"),
    "gateway_untrusted": NP_("problem", "the sms gateway's certificate is not to be trusted"),
    "gateway_unclear": NP_("problem", "the sms gateway's answers cannot be relied on (sms.accepted in desk.toml)"),
    "gateway_forbids": NP_("problem", "the sms gateway does not let the library in"),
    "gateway_elsewhere": NP_("problem", "no sms gateway at that address"),
    "token_refused": NP_("problem", "the sms gateway refused the token"),
}
FAULTS: Final[Mapping[str, str]] = {
    "stranger": N_("{file} replaces no template: its name is none of theirs. It is not used."),
    "huge": N_("{file} is too large for a template."),
    "unreadable": N_("{file} cannot be read."),
    "not_utf8": N_("{file}, line {line}: it is not UTF-8."),
    "empty": N_("{file} is empty."),
    "no_subject": N_("{file}, line 1: the subject is missing; the first line is the subject."),
    "no_body": N_("{file}, line 2: there is nothing below the subject."),
    "dollar": N_("{file}, line {line}: a dollar sign begins a field, such as $library; $$ is a dollar sign."),
    "unknown_field": N_("{file}, line {line}: there is no field ${detail} in this message."),
    "missing_field": N_("{file}: the field ${detail} is missing, without which the message tells nothing."),
    "not_gsm7": N_("{file}, line {line}: a text message cannot hold {detail}."),
    "sms_long": N_("{file}: up to {detail} characters when it is filled in, and a text message has room for 160."),
    "subject_long": N_("{file}, line 1: the subject gets up to {detail} characters long, and has room for 60."),
}


def kind_words(kind: str) -> str:
    """Name a kind of message."""
    return pgettext("message", KINDS.get(kind, kind))


def channel_words(channel: str) -> str:
    """Name a channel."""
    return pgettext("message", CHANNELS.get(channel, channel))


def problem_words(problem: str) -> str:
    """Say why a message was not sent; a code of another version's is said as it is."""
    return pgettext("problem", PROBLEMS[problem]) if problem in PROBLEMS else plain(problem)


def state_words(state: str, problem: str) -> str:
    """Say what became of a message (M2)."""
    said = pgettext("message", STATES.get(state, state)).format(reason=problem_words(problem))
    if state == "waiting" and problem:
        return pgettext("message", "{state}: {reason}").format(state=said, reason=problem_words(problem))
    return said


def fault_sentence(fault: Fault) -> str:
    """Say what is wrong with a template: which file, which line, what."""
    return _(FAULTS[fault.why]).format(file=plain(fault.file), line=fault.line, detail=plain(fault.detail))


def faults_at_counter(faults: Sequence[Fault]) -> str:
    """Say to whoever signs in that messages wait for a template, with the first fault; empty: there is none."""
    if not faults:
        return ""
    first = fault_sentence(faults[0])
    return _("{fault} Messages of that kind wait. IT: desk messages templates.").format(fault=first)
