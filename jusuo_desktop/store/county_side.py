"""The store as a sync sees it: the queue of changes, the county's feed, what both sides hold, and this device's identity there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from jusuo_desktop.records.identity import unpacked
from jusuo_desktop.store import (
    audit,
    closing,
    content_travel,
    feed,
    held_digest,
    known_before,
    making_anew,
    number_returns,
    numbers,
    outbox,
    reach,
    sealing,
    set_aside,
    settings,
)
from jusuo_desktop.store.contact_side import ContactSide
from jusuo_desktop.store.edit import Hand
from jusuo_desktop.store.enrolment import Enrolment, read_enrolment, write_enrolment
from jusuo_desktop.store.keys import ShutOut, read_keys
from jusuo_desktop.store.number_side import NumberSide
from jusuo_desktop.wire.digest import digest_of
from jusuo_desktop.wire.messages import Change, Entry, Place, Result
from jusuo_desktop.wire.scope import VILLAGE

REJOINED = "本机重新注册"


class CountySide(NumberSide, ContactSide):
    """What the county and this device tell each other."""

    def apply(self, entries: Sequence[Entry], cursor: Mapping[str, int], marks: Mapping[str, bytes] | None = None) -> feed.Applied:
        """Takes in entries of the county's feed and moves the cursor, in one transaction.

        Raises:
            feed.UnknownOwnChange: ask again with `echo_own`.
        """
        with self._writing() as connection:
            applied = feed.apply(connection, entries, cursor, marks)
            if entries:
                audit.append(connection, self._clock(), self.user.id, self.device_id, "pull", detail=f"entries:{applied.entries}")
        if applied.record_ids:
            self._tell(applied.record_ids)
        return applied

    def waiting(self, most: int, most_bytes: int, after: str = "") -> list[Change]:
        """The oldest changes not yet accepted by the county; those queued behind the change `after`, if it is named."""
        with self._reading() as connection:
            return outbox.waiting(connection, most, most_bytes, after)

    def settle(self, changes: Sequence[Change], results: Sequence[Result], place: Place | None = None) -> None:
        """Notes what the county said of each change of a batch. Where it said at which place of the feed they stand, and this device holds the
        feed up to there, nothing is left to be heard of the accepted ones: they are confirmed in the same transaction.
        """
        if place is None or not self._heard(changes, results, place):
            self.mark([unpacked(change.change_id) for change in changes], results)

    def _heard(self, changes: Sequence[Change], results: Sequence[Result], place: Place) -> bool:
        try:
            with self._writing() as connection:
                page = feed.page_of(connection, changes, results, place, self.device_id)
                if page is None:
                    return False
                # what was refused first: a later change that was accepted takes the place of it
                rest = [(unpacked(c.change_id), r) for c, r in zip(changes, results, strict=True) if r.status != feed.ACCEPTED]
                outbox.mark(connection, [change_id for change_id, _ in rest], [result for _, result in rest])
                applied = feed.apply(connection, *page)
                audit.append(connection, self._clock(), self.user.id, self.device_id, "pull", detail=f"entries:{applied.entries}")
        except feed.UnknownOwnChange:
            return False
        self._tell(applied.record_ids)
        return True

    def mark(self, changes: Sequence[str], results: Sequence[Result], *, late: bool = False) -> None:
        """Notes what the county said of each change (ids as text, same order); a `late` answer only of those that still wait."""
        with self._writing() as connection:
            outbox.mark(connection, changes, results, late=late)
            known = [(i, r.version) for i, r in zip(changes, results, strict=True) if r.status == "duplicate"]
            passed = feed.settle_passed(connection, known) if known else set()
        self._tell(frozenset(passed))

    def outbox_counts(self) -> dict[str, int]:
        """Changes by state: waiting, held (for a change of somebody else), sent (accepted, not yet back in the feed), refused."""
        with self._reading() as connection:
            return outbox.counts(connection)

    def unsent_count(self) -> int:
        """How many changes the county has not yet accepted."""
        states = self.outbox_counts()
        return sum(states.get(state, 0) for state in ("waiting", "held", "refused"))

    def has_unsent(self, record_ids: Collection[str]) -> bool:
        """Whether the county lacks a change of one of those records."""
        with self._reading() as connection:
            return outbox.has_unsent(connection, record_ids)

    def outgoing(
        self, states: Sequence[str] = ("waiting", "held", "refused"), most: int = 500, *, after: int = 0, of: Collection[str] | None = None
    ) -> list[outbox.Outgoing]:
        """The queue as people look at it, `after` so many; `of` those records alone."""
        with self._reading() as connection:
            return outbox.outgoing(connection, states, most, after=after, of=of)

    def retry(self, change_id: str = "") -> int:
        """Puts set-aside changes back into the queue."""
        with self._writing() as connection:
            return outbox.retry(connection, change_id)

    def give_up(self, change_id: str) -> str:
        """Takes back a refused change: the record shows the county's values again, the history keeps what was typed. Returns the record's id.

        Raises:
            Refused: it is not refused any more, or the county has never seen the record.
        """
        hand = Hand(self.user, self.device_id, self.scope, self._clock())
        with self._writing() as connection:
            record_id = set_aside.give_up(connection, change_id, hand)
            audit.append(connection, hand.at, hand.user.id, hand.device_id, "give_up", record_id)
        self._tell(frozenset({record_id}))
        return record_id

    def make_anew(self) -> int:
        """Makes the fields anew that the county left because somebody else had changed what they are made of; returns of how many records."""
        with self._reading() as connection:
            if not settings.get_setting(connection, making_anew.WAITING, []):
                return 0
        hand = Hand(self.user, self.device_id, self.scope, self._clock())
        with self._writing() as connection:
            changed = making_anew.make_anew(connection, hand)
        if changed:
            self._tell(frozenset(changed))
        return len(changed)

    def resend(self) -> None:
        """Asks again about whatever was sent and never came back in the feed."""
        with self._writing() as connection:
            outbox.resend(connection)

    def feed_cursor(self) -> dict[str, int]:
        """The last place held of each feed."""
        with self._reading() as connection:
            return feed.feed_cursor(connection)

    def contents_named(self, *, own: bool = False) -> list[tuple[str, int]]:
        """(SHA-256, bytes) of every content that an attachment known to the county names, newest first; `own`, only of this device's scope."""
        with self._reading() as connection:
            return list(content_travel.named(connection, own=own))

    def contents_sent(self) -> set[str]:
        """The contents that the county holds, as it said."""
        with self._reading() as connection:
            return content_travel.sent(connection)

    def note_content_sent(self, sha256: str) -> None:
        """The county said that it holds a content."""
        with self._writing() as connection:
            content_travel.note_sent(connection, sha256)

    def content_come(self, sha256: str) -> int:
        """How many bytes of a content came before the line was cut."""
        with self._reading() as connection:
            return content_travel.come_so_far(connection, sha256)

    def add_content_part(self, sha256: str, at: int, data: bytes) -> None:
        """Keeps a piece of a content that came from the county."""
        with self._writing() as connection:
            content_travel.add_part(connection, sha256, at, data)

    def content_parts(self, sha256: str) -> bytes:
        """All that came of a content."""
        with self._reading() as connection:
            return content_travel.parts(connection, sha256)

    def drop_content_parts(self, sha256: str) -> None:
        """Forgets what came of a content: the whole is kept, or it was wrong."""
        with self._writing() as connection:
            content_travel.drop_parts(connection, sha256)

    def feed_marks(self) -> dict[str, bytes]:
        """What stands at the last place held of each feed, so that a server that was restored is found out."""
        with self._reading() as connection:
            return feed.feed_marks(connection)

    def start_over(self) -> None:
        """Lets the next pull build the county's state again from nothing (repair); what is shown and what waits stays."""
        with self._writing() as connection:
            feed.start_over(connection)

    def follow(self, epoch: str) -> None:
        """The county's server was restored and goes on under a later epoch: everything is read anew, what it lost is sent again."""
        with self._writing() as connection:
            enrolment = read_enrolment(connection)
            if enrolment is None:
                raise ValueError("not enrolled")
            feed.start_over(connection)
            write_enrolment(connection, replace(enrolment, epoch=epoch))
            content_travel.forget_sent(connection)
            settings.put_setting(connection, reach.SCOPE_NUMBER, 0)
            audit.append(connection, self._clock(), self.user.id, self.device_id, "follow", detail=epoch)

    def rescope(self, scope: str, number: int = 0) -> None:
        """The county gave this device another scope, of that number; what lies outside it waits to be sealed."""
        with self._writing() as connection:
            feed.rescope(connection, scope)
            settings.put_setting(connection, reach.SCOPE_NUMBER, number)
            audit.append(connection, self._clock(), self.user.id, self.device_id, "rescope", detail=scope)
        self.scope = scope

    def scope_number(self) -> int:
        """The number of this device's scope, which grows with each that the county gives it; 0 of the first one."""
        with self._reading() as connection:
            return reach.scope_number(connection)

    def note_scope_number(self, number: int) -> None:
        """The county said which number this device's scope has by now."""
        if number > self.scope_number():
            with self._writing() as connection:
                settings.put_setting(connection, reach.SCOPE_NUMBER, number)

    def outside(self) -> bool:
        """Whether something lies outside this device's scope, or is still to be cleaned up or looked at again after a sealing."""
        with self._reading() as connection:
            return any(settings.get_setting(connection, due) is not None for due in (reach.OUTSIDE, sealing.UNNAMED, sealing.CLEANING))

    def seal_outside(self, seal_key: bytes) -> sealing.SealedAway | None:
        """Seals what lies outside this device's scope to the county's key; None when nothing did.

        Raises:
            DiskTrouble: no room for the sealed files; nothing was taken out.
        """
        users = {wrap.user_id for wrap in read_keys(self.folder).values()}
        done = None
        with self._writing() as connection:
            enrolment = read_enrolment(connection)
            due = any(settings.get_setting(connection, one) is not None for one in (reach.OUTSIDE, sealing.UNNAMED))
            if enrolment is not None and due:
                hand = Hand(self.user, self.device_id, self.scope, self._clock())
                done = sealing.seal(connection, self.folder, self._contents, enrolment, seal_key, users, hand)
        sealing.clean(self._database, self._contents)
        self._titles.clear()
        self._tell(frozenset())
        return done

    def sealed_away(self) -> list[sealing.SealedAway]:
        """What was sealed on this device so far, newest last."""
        with self._reading() as connection:
            return [sealing.SealedAway(**told) for told in settings.get_setting(connection, sealing.LISTED, [])]

    def shut_out(self) -> None:
        """The county shut this device out, as it proved: from the next opening on only the printed recovery key opens this store."""
        told = ShutOut(self.device_id, self._clock())
        with self._writing() as connection:
            audit.append(connection, told.at, self.user.id, self.device_id, "shut_out")
        closing.shut_out(self.folder, told)

    def departed(self) -> set[str]:
        """The users here whose post has ended, whose entry was voided, or who belong outside this device's scope by now."""
        ids = {wrap.user_id for name, wrap in read_keys(self.folder).items() if name}
        with self._reading() as connection:
            return reach.departed(connection, ids)

    def drop_users(self, user_ids: Collection[str]) -> list[str]:
        """Takes away the log-in of those users; what they recorded stays and goes up in their names. Returns their log-in names."""
        names = closing.drop_users(self.folder, user_ids)
        if names:
            with self._writing() as connection:
                audit.append(connection, self._clock(), self.user.id, self.device_id, "drop_users", detail=",".join(sorted(user_ids)))
        return names

    def reading_anew(self) -> bool:
        """Whether the feeds are being read from their beginning, so that the county is to be heard before anything is sent."""
        with self._reading() as connection:
            return known_before.reading_anew(connection)

    def restate(self) -> int:
        """The feeds have been read anew: queues what the county once held and holds no more; returns for how many records."""
        with self._writing() as connection:
            count = known_before.restate(connection)
        self._tell(frozenset())
        return count

    def held_digest(self) -> tuple[bytes, int]:
        """Digest and count of the county's state as kept with every change of it."""
        with self._reading() as connection:
            return held_digest.held(connection)

    def local_digest(self) -> tuple[bytes, int]:
        """Digest and count of the county's state as held here, counted anew from every record."""
        with self._reading() as connection:
            rows = feed.digest_rows(connection)
        return digest_of(rows), len(rows)

    @property
    def enrolment(self) -> Enrolment | None:
        """This device's identity at the county, None for a stand-alone office."""
        with self._reading() as connection:
            return read_enrolment(connection)

    def enrol(self, enrolment: Enrolment) -> None:
        """Keeps the identity that the county gave; the whole queue is then on its way there."""
        with self._writing() as connection:
            if read_enrolment(connection) is not None:
                number_returns.give_back(connection, None, REJOINED, self._clock())  # they were leased to another identity
                if enrolment.scope != self.scope:
                    reach.note_outside(connection)
            else:
                numbers.forget_own(connection)
                if len(enrolment.scope) == VILLAGE:
                    outbox.into_village(connection, enrolment.scope)
            feed.start_over(connection)
            write_enrolment(connection, enrolment)
            self._joined(connection)
            content_travel.forget_sent(connection)
            settings.put_setting(connection, "scope", enrolment.scope)
            settings.put_setting(connection, reach.SCOPE_NUMBER, 0)
            settings.put_setting(connection, "device_id", enrolment.device_id)
            audit.append(connection, self._clock(), self.user.id, enrolment.device_id, "enrol", detail=enrolment.scope)
        self.scope, self.device_id = enrolment.scope, enrolment.device_id
        closing.let_in(self.folder)
