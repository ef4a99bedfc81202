from tests.emulators.fixtures import emulator  # noqa: F401
