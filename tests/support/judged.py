"""A scripted hub that admits what a real one admits: core, sequencer and database decide, and note what they decide."""

from __future__ import annotations

from pathlib import Path

from broker.core.verification import VerifiedSubmission, verify_submission
from broker.service.sequencer import Candidate
from schemas.addresses import member_of
from schemas.errors import SeraiError
from schemas.frames import Submit
from schemas.statements import parse_statement
from tests.support.desk import ScriptedHub
from tests.support.world import World
from tests.unit.broker.service.notary import Notary, committed


class JudgedHub(ScriptedHub):
    """It delivers as it is told, and admits nothing that the real hub refuses.

    Args:
        world: its network.
        path: folder of the real hub.
    """

    def __init__(self, world: World, path: Path) -> None:
        super().__init__(world)
        self.notary = Notary(path, world)
        self.notary.catch_up()

    def learn(self, text: str) -> None:
        """Admit a public statement, here and there."""
        self.world.admit(text)
        self.notary.accept(text)

    def _admit(self, frame: Submit, digest: str) -> SeraiError | None:
        statement = parse_statement(frame.statement)
        try:
            submission: VerifiedSubmission = verify_submission(statement, frame.sealed, self.world.directory)
        except SeraiError as error:
            return error
        by = member_of(submission.statement.claims.iss)
        candidate = Candidate(statement.digest, submission, by, lambda _: None, 0)
        (verdict,) = committed(self.notary.sequencer.take_turn([candidate])).verdicts
        return verdict if isinstance(verdict, SeraiError) else super()._admit(frame, digest)
