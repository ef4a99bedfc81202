from tests.emulators.clock import Clock, seconds, stamp


def test_a_standing_clock_moves_only_when_it_is_told() -> None:
    clock = Clock(scale=0)
    before = clock.now()
    clock.advance(1200)
    assert clock.now() - before == 1200


def test_a_change_of_scale_makes_no_jump() -> None:
    clock = Clock(scale=0)
    clock.advance(100)
    before = clock.now()
    clock.scale = 1000
    clock.scale = 0
    assert 0 <= clock.now() - before < 100


def test_a_time_is_told_in_milliseconds_and_read_back() -> None:
    assert stamp(1767607872.345) == "2026-01-05T10:11:12.345Z"
    assert seconds("2026-01-05T10:11:12.345Z") == 1767607872.345
    assert seconds("2026-01-05T10:11:12.345") == 1767607872.345
