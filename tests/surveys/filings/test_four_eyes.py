"""Nothing is sealed by someone who had a hand in it: every order of steps, in memory and in the database."""

import contextlib
import itertools
import random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from surveys.filings import operations
from surveys.filings.errors import FilingError
from surveys.filings.four_eyes import WRITINGS, Hand, hands_of, version_under_way
from surveys.submissions import queries
from surveys.submissions.models import Submission
from surveys.submissions.operations import SubmissionError, accept, return_with_queries
from tenants.context import in_public
from tests.soak import Count

from .conftest import NOW, person
from .helpers import complete, fill
from .test_substitute import named

pytestmark = pytest.mark.promise("four eyes")

SEARCHED = Count("sequences in memory, searched by hypothesis", small=300, full=10_000)
DRAWN = Count("sequences in memory, drawn at random", small=10_000, full=10_000)
LIVED = Count("steps in the database", small=200, full=10_000)
STEPS_OF_A_LIFE = 50
PEOPLE = st.integers(1, 4)


class PureFourEyes(RuleBasedStateMachine):
    """The rule against a model that remembers everything: who wrote since the last acceptance."""

    @initialize()
    def start(self):
        self.hands: list[tuple[int, Hand]] = []
        self.accepted: list[int] = []
        self.sealed = 0
        self.touched: set[int] = set()

    @rule(person=PEOPLE, what=st.sampled_from(WRITINGS))
    def write(self, person, what):
        self.hands.append((version_under_way(self.accepted), Hand(person, what)))
        self.touched.add(person)

    @rule(person=PEOPLE)
    def sign(self, person):
        under_way = version_under_way(self.accepted)
        mine = hands_of(person, [hand for version, hand in self.hands if version == under_way])
        assert bool(mine) == (person in self.touched)
        if not mine:
            self.sealed += 1

    @rule()
    def returned(self):
        """Nothing changes: a returned version does not wash anyone's hands."""

    @rule()
    def accept(self):
        if self.sealed:
            self.accepted.append(self.sealed)
            # the versions after an acceptance start clean
            self.touched = {h.actor_id for v, h in self.hands if v == version_under_way(self.accepted)}

    def teardown(self):
        if hasattr(self, "accepted"):
            SEARCHED.done()

    @invariant()
    def version_is_above_the_last_accepted(self):
        if hasattr(self, "accepted"):
            assert version_under_way(self.accepted) == max(self.accepted, default=0) + 1


TestPureFourEyes = PureFourEyes.TestCase
TestPureFourEyes.settings = settings(
    max_examples=SEARCHED.number,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_random_sequences_in_memory_never_let_a_writer_sign():
    for number in range(DRAWN.number):
        chance, machine = random.Random(number), PureFourEyes()
        machine.start()
        for _ in range(20):
            step = chance.choice(
                (machine.write, machine.write, machine.sign, machine.returned, machine.accept)
            )
            if step == machine.write:
                step(person=chance.randint(1, 4), what=chance.choice(WRITINGS))
            elif step == machine.sign:
                step(person=chance.randint(1, 4))
            else:
                step()
            machine.version_is_above_the_last_accepted()
        DRAWN.done()


STEPS = (
    "value",
    "denominator",
    "submit",
    "submit",
    "submit",
    "take_back",
    "sign",
    "sign",
    "sign",
    "send_back",
    "withdraw",
    "return",
    "accept",
    "amend",
    "give_up",
)


@pytest.mark.django_db
def test_random_lives_in_the_database_never_seal_by_a_writer(filing, clerk, approver, round_):
    """Three people who may do everything, a substitute, and random steps: every seal's signer is absent from its
    hands. The third writes now and then, so that each seed has lives in which nobody, somebody and everybody may
    sign."""
    with in_public():
        third = person("alpha", "clerk", "approver", name="白露")
        fourth = person("alpha", "correspondent", name="苏见微")
    # signs for the approver; has no right of the kind otherwise
    substitute = named(fourth, approver)
    people = [clerk.actor, approver.actor, third.actor, substitute.actor]
    tried = refused = sealed = amended = stood_in = 0
    for life in itertools.count():
        if tried >= LIVED.number:
            break
        chance = random.Random(life)
        with contextlib.suppress(Rollback), transaction.atomic():
            fill(filing, round_, clerk.actor)
            if life % 2:
                _amended(filing, clerk.actor, approver.actor)
            for _ in range(STEPS_OF_A_LIFE):
                step, actor = chance.choice(STEPS), chance.choice(people)
                if step == "value" and actor is not clerk.actor and chance.random() < 0.9:
                    continue
                try:
                    with transaction.atomic():
                        _step(step, filing, round_, actor, chance)
                except (FilingError, SubmissionError) as error:
                    refused += step == "sign" and "不能签发" in str(error)
                tried += 1
            for submission in Submission.objects.all():
                sealed += 1
                amended += "amends" in submission.declared
                assert submission.sealed_by_id not in submission.writers
                stood_in += "signed_for" in submission.declared
                assert ("signed_for" in submission.declared) == (submission.sealed_by_id == fourth.pk)
            raise Rollback
    LIVED.done(tried)
    assert sealed > 0
    assert refused > 0
    assert amended > 0
    assert stood_in > 0


def _amended(filing, clerk, approver) -> None:
    """Every other life begins in an amendment: the first version is accepted."""
    operations.submit(filing=filing, revision=filing.revision, actor=clerk, now=NOW)
    filing.refresh_from_db()
    operations.sign(filing=filing, revision=filing.revision, actor=approver, now=NOW)
    _accept(filing)
    operations.amend(filing=filing, reason="抄错", actor=clerk, now=NOW)
    filing.refresh_from_db()
    edit = {"item": "electricity", "measure": "quantity", "period": "2024-05", "value": "1000001"}
    operations.set_values(filing=filing, values=[edit], revision=filing.revision, actor=clerk, now=NOW)


class Rollback(Exception):
    """Ends a life; nothing of it stays."""


def _step(step, filing, round_, actor, chance):
    filing.refresh_from_db()
    common = {"filing": filing, "actor": actor, "now": NOW}
    if step == "value":
        value = str(chance.randint(900000, 1100000))
        edit = {"item": "electricity", "measure": "quantity", "period": "2024-05", "value": value}
        operations.set_values(values=[edit], revision=filing.revision, **common)
    elif step == "denominator" and actor.name == "林知行":
        operations.set_denominators(
            values={"headcount": (chance.randint(21000, 23000), "enrolled")}, **common
        )
    elif step == "submit":
        if actor.name == "林知行":
            complete(filing, round_, actor)
        operations.submit(revision=filing.revision, **common)
    elif step == "sign":
        operations.sign(revision=filing.revision, **common)
    elif step == "send_back":
        operations.send_back(reason="再看", **common)
    elif step == "withdraw":
        operations.withdraw(reason="", **common)
    elif step == "return":
        _return(filing)
    elif step == "accept":
        _accept(filing)
    elif step == "amend":
        operations.amend(reason="抄错", **common)
    elif step == "give_up":
        operations.give_up(**common)
    elif step == "take_back":
        operations.take_back(**common)


def _accept(filing) -> None:
    with in_public():
        newest = queries.latest(filing.round_code, "alpha")
        if newest:
            accept(submission=newest, actor_id=99, actor_name="协会", now=NOW)


def _return(filing) -> None:
    with in_public():
        newest = queries.latest(filing.round_code, "alpha")
        if newest:
            return_with_queries(submission=newest, actor_id=99, actor_name="协会", now=NOW, reason="再核")
