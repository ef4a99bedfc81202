"""The operator's key: visitors may use it within the caps, and on a Space only if there is one."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.api.programs import Api, Refused
from tests.conftest import started_app
from tests.emulators.wavespeed import WaveSpeed
from tests.emulators.wavespeed_jobs import Script

ASK = {"prompt": "a red kettle", "platform": "wavespeed", "count": 2, "size": "1024*1024"}
PRICE = 0.054


@contextmanager
def operated(platform: WaveSpeed, **environment: str) -> Iterator[Api]:
    """An app whose operator has a key of their own."""
    key = f"ws-operator-{secrets.token_hex(4)}"
    platform.account(key, balance="100")
    with started_app(WAVESPEED_BASE_URL=platform.url, WAVESPEED_API_KEY=key, **environment) as app:
        yield Api(app.url)
        assert key not in app.log
        assert all(key.encode() not in path.read_bytes() for path in app.data_dir.rglob("*") if path.is_file())


def test_visitors_spend_within_the_caps_by_token_and_by_address_and_with_their_own_key_beyond(platform: WaveSpeed):
    with operated(platform, SEEDREAM_DAILY_CAP_USD="1", SEEDREAM_VISITOR_CAP_USD="0.1") as api:
        _, record = api.call("generate", **ASK, headers={"x-visitor-token": "anna"})
        assert record["cost_usd"] == pytest.approx(PRICE)
        for token in ("anna", "somebody-else-at-the-same-address"):
            with pytest.raises(Refused, match=r"today’s limit of \$0\.1 for each visitor.*Nothing was sent"):
                api.call("generate", **ASK, headers={"x-visitor-token": token})
        own = f"ws-own-{secrets.token_hex(4)}"
        platform.account(own, balance="5")
        _, record = api.call("generate", **ASK, headers={"x-platform-key": own})
        assert record["returned"] == 2


def test_the_day_has_a_cap_over_all_visitors_and_a_failed_run_gives_its_money_back(platform: WaveSpeed):
    with operated(platform, SEEDREAM_DAILY_CAP_USD="0.06") as api:
        platform.script(Script(status="failed", code=1200))
        with pytest.raises(Refused, match="Nothing is charged"):
            api.call("generate", **ASK)
        api.call("generate", **ASK)
        with pytest.raises(Refused, match="for all visitors together"):
            api.call("generate", **ASK)


def test_on_a_space_the_operators_key_is_off_until_a_cap_is_set(platform: WaveSpeed):
    with operated(platform, SPACE_ID="someone/studio") as api, pytest.raises(Refused, match="WaveSpeedAI needs a key"):
        api.call("generate", **ASK)
