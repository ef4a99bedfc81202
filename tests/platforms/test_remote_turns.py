"""Who is next where an account allows only so much."""

from seedream_ui.platforms.remote import Limits
from tests.platforms.remote_driving import Studio, request_of


async def test_singles_keep_to_the_accounts_limits(studio: Studio) -> None:
    studio.emulator.account(studio.emulator.key, level="bronze")
    studio.emulator.duration = 20
    studio.emulator.clock.scale = 0
    studio.remote = studio.driver(limits=Limits())
    outcome = await studio.make(request_of(15, sequence=False))
    assert len(outcome.pictures) == 15
    assert len(studio.emulator.jobs) == studio.emulator.journal.count("submit") == 15  # not one of them was refused
    assert any("Waiting for a turn" in sentence for sentence in outcome.told)
