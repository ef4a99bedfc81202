import pytest

from tests.api.programs import Api
from tests.conftest import App


@pytest.fixture(scope="session")
def api(app: App) -> Api:
    return Api(app.url)
