"""Money in whole minor units."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.values import CURRENCIES, CurrencyMismatch, Money, MoneyError

AMOUNTS = st.builds(Money, st.integers(-(10**15), 10**15), st.sampled_from(sorted(CURRENCIES)))


@given(AMOUNTS)
def test_plain_reads_back(money):
    assert Money.parse(money.plain(), money.currency) == money


@given(st.integers(-(10**15), 10**15))
def test_separators_read_back(minor):
    written = f"{Decimal(minor).scaleb(-2):,.2f}"
    assert Money.parse(f"  {written}\n") == Money(minor)


@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12), st.integers(-1000, 1000))
def test_arithmetic_is_that_of_integers(a, b, factor):
    assert (Money(a) + Money(b)).minor == a + b
    assert (Money(a) - Money(b)).minor == a - b
    assert (-Money(a)).minor == -a
    assert factor * Money(a) == Money(a) * factor == Money(a * factor)
    assert (Money(a) < Money(b), Money(a) <= Money(b)) == (a < b, a <= b)
    assert (Money(a) > Money(b), Money(a) >= Money(b)) == (a > b, a >= b)
    assert bool(Money(a)) == bool(a)


@given(st.integers(-(10**12), 10**12), st.fractions(-2, 2, max_denominator=10_000))
def test_share_rounds_half_away_from_zero(minor, part):
    exact = abs(minor * part)
    nearest = int(exact) + (1 if exact - int(exact) >= Fraction(1, 2) else 0)
    assert Money(minor).share(part).minor == (nearest if minor * part >= 0 else -nearest)


@given(st.integers(-(10**14), 10**14))
def test_wan_is_the_decimal_rounded_to_two_places(minor):
    exact = (Decimal(minor) / 1_000_000).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert Decimal(Money(minor).wan().replace(",", "")) == exact
    assert not Money(minor).wan().endswith((".", ".0", ".00"))
    assert Money(minor).wan() != "-0"


@pytest.mark.parametrize(
    ("minor", "currency", "plain", "shown", "wan"),
    [
        (123_450, "CNY", "1234.50", "¥1,234.50", "0.12"),
        (-5, "CNY", "-0.05", "-¥0.05", "0"),
        (0, "CNY", "0.00", "¥0.00", "0"),
        (300_000_000, "CNY", "3000000.00", "¥3,000,000.00", "300"),
        (12_345_000, "CNY", "123450.00", "¥123,450.00", "12.35"),
        (12_344_999, "CNY", "123449.99", "¥123,449.99", "12.34"),
        (-1_000_000_000_00, "CNY", "-1000000000.00", "-¥1,000,000,000.00", "-100,000"),
        (250_000, "JPY", "250000", "JP¥250,000", "25"),
        (199, "MYR", "1.99", "MYR 1.99", "0"),
    ],
)
def test_known_forms(minor, currency, plain, shown, wan):
    money = Money(minor, currency)
    assert (money.plain(), str(money), money.wan()) == (plain, shown, wan)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1,234.5", 123_450),
        ("+7", 700),
        ("- 7.05", -705),
        ("0.1000", 10),
        ("12", 1200),
        ("1,000,000", 100_000_000),
    ],
)
def test_accepted_spellings(text, minor):
    assert Money.parse(text) == Money(minor)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "1.234",
        "1,23",
        "12,3456",
        "1e5",
        "¥5",
        "１２",
        "1.５",
        ".5",
        "5.",
        "--1",
        "1 000",
        "9" * 5000,
    ],
)
def test_refused_spellings(text):
    with pytest.raises(MoneyError):
        Money.parse(text)


@pytest.mark.parametrize(
    "act",
    [
        lambda: Money(1.0),
        lambda: Money(True),
        lambda: Money(1, "XXX"),
        lambda: Money.parse(1.5),
        lambda: Money.parse("1", "XXX"),
        lambda: Money.parse("1.5", "JPY"),
        lambda: Money(1) * 0.5,
        lambda: Money(1) * True,
        lambda: Money(1).share(0.5),
        lambda: Money(1) + 1,
    ],
)
def test_floats_and_strangers_are_refused(act):
    with pytest.raises(MoneyError):
        act()


@pytest.mark.parametrize("act", [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a >= b])
def test_two_currencies_never_meet(act):
    with pytest.raises(CurrencyMismatch, match="CNY and USD in one sum"):
        act(Money(1), Money(1, "USD"))
    assert Money(1) != Money(1, "USD")
