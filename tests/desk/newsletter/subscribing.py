"""A library of the tests that has a newsletter."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from db.models import MailingRecipient, Subscriber
from desk.newsletter.commands import FindSubscriber, Subscribe, Unsubscribe, UnsubscribeWithToken
from desk.newsletter.sending import MailingReport, Sender
from desk.settings import NewsletterSettings
from tests.builders import VAULT
from tests.messaging import Office, Post

LETTER = "# Nyt i marts\n\nKære {first_name}\n\nVi holder åbent på [hjemmesiden](https://struerbibliotek.dk).\n"
WAYS_OUT = NewsletterSettings(unsubscribe_mail="nyt@struer.example", unsubscribe_url="https://struer.example/afmeld/")


class Editor:
    """Whoever writes the newsletter, and the clerk who takes subscriptions in."""

    def __init__(self, office: Office) -> None:
        self.office, self.house = office, office.house
        office.settings = replace(office.settings, newsletter=WAYS_OUT)
        self.file = office.home / "nyt.md"
        self.file.write_text(LETTER, "utf-8")

    def _usual(self) -> dict[str, Any]:
        return {"command_id": self.house.new_id(), "who": self.house.who(), "at": self.house.clock()}

    async def subscribe(self, email: str, first_name: str = "", last_name: str = "") -> bool:
        """Subscribe somebody at the counter; gives whether they are new."""
        command = Subscribe(**self._usual(), email=email, first_name=first_name, last_name=last_name)
        return (await self.house.desk.do(command)).is_new

    async def unsubscribe(self, email: str) -> None:
        """Unsubscribe an address."""
        await self.house.desk.do(Unsubscribe(**self._usual(), email=email))

    async def unsubscribe_with(self, token: str) -> None:
        """Unsubscribe by a token."""
        await self.house.desk.do(UnsubscribeWithToken(**self._usual(), token=token))

    async def find(self, email: str) -> Any:
        """Look an address up."""
        return await self.house.desk.do(FindSubscriber(**self._usual(), email=email))

    def token(self, email: str) -> str:
        """Give what unsubscribes an address."""
        return VAULT.unsubscribe_token(email)

    def on_the_list(self) -> list[tuple[Any, ...]]:
        """Give the list: address and names."""
        columns = (Subscriber.email, Subscriber.first_name, Subscriber.last_name)
        return self.house.rows(Subscriber.select(*columns).order_by(Subscriber.email))

    def still_named(self) -> list[tuple[Any, ...]]:
        """Give what is kept of who gets a mailing."""
        return self.house.rows(MailingRecipient.select())

    async def send(self, post: Post | None = None, *, file: Path | None = None, again: bool = False) -> MailingReport:
        """Send the newsletter."""
        if post is not None:
            self.office.sends_mail_to(post)
        sender = Sender(self.office.installation(), self.house.clock, self.office.new_id, lambda _done, _total: None)
        report = await sender.send(file or self.file, again=again)
        await self.house.store.release("newsletter")
        return report
