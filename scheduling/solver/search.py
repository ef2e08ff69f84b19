"""Simulated annealing over scene -> day, kept on boards that respect availability, locks and precedence throughout.

Length of day, light, opening hours and number of scenes may break on the way at a price; only boards without a broken
minute are ever answers. Every day is put in order by `order.arrange`, so a move is priced by the days it touches.
"""

import math
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import product

from .answer import Answer, Clash
from .baseline import first_fit, tiny
from .board import draw_board, place
from .bound import lower_bound
from .cost import Ledger
from .explain import binding, clashes
from .filtering import MOST_BOARDS
from .mending import mend
from .moves import Mover, respects
from .order import arrange, follows, polish, run_day
from .plan import Plan, bits, in_order, make_plan
from .problem import Problem, ProblemError

Progress = Callable[[int | None, int, int, float], bool | None]
"""Called with best cost (None while no legal board is known), bound, iteration, seconds; False stops the search."""

LOOK = 32
"""Iterations between looks at the clock."""

MENDING = 5
"""How much dearer a broken minute is, and how much colder the search, until the first legal board."""

MENDING_SHARE = 0.9
"""Part of the search that may go to a first legal board by mending alone."""

TELL = 0.2
"""Seconds between calls of `progress`."""


def solve(
    problem: Problem,
    *,
    seed: int = 1,
    seconds: float = 10.0,
    iterations: int | None = None,
    start: Mapping[str, tuple[int, int]] | None = None,
    progress: Progress | None = None,
) -> Answer:
    """The cheapest legal board found.

    Stops after `seconds`, or after `iterations` if given: then time plays no part and the same seed gives the same
    answer. `start` (scene id -> (day index, position)) is improved instead of the hand-made board; scenes it puts where
    they may not stand are moved. When no legal board has every scene, the answer is a legal board with some unplaced,
    and `clashes` says why.
    """
    began = time.perf_counter()
    if (iterations is not None and iterations < 0) or not 0 <= seconds <= 86_400:
        raise ProblemError(
            "Iterations must not be negative, and seconds must be between 0 and 86400.", field_path="seconds"
        )
    plan = make_plan(problem)
    bound = lower_bound(plan)
    ledger = opening(plan, start)
    clock = Clock(began, seconds, iterations, bound, progress)
    dice = random.Random(seed)
    found, done = try_all(ledger, clock) if few_boards(ledger) else anneal(ledger, dice, clock)
    if found is None:
        strip_down(ledger)
    else:
        ledger.fill(found)
    orders = polished(ledger, clock)
    reasons: tuple[Clash, ...] = ()
    if any(day < 0 for day in ledger.day_of):
        left = [plan.scene_ids[s] for s, day in enumerate(ledger.day_of) if day < 0]
        reasons = tuple(clashes(problem, left, plan))

    def drawn(orders: dict[int, list[int]], reasons: tuple[Clash, ...]) -> Answer:
        seconds = time.perf_counter() - began
        return draw_board(plan, orders, clashes=reasons, bound=bound, iterations=done, seconds=seconds, seed=seed)

    answer = drawn(orders, reasons)
    given = legal_start(plan, start)
    if given is not None:
        # Orders laid by hand may be cheaper than those the search puts days in.
        kept = drawn(given, ())
        if answer.unplaced or kept.total < answer.total:
            answer = kept
    return replace(answer, binding=tuple(binding(problem, answer)))


def legal_start(plan: Plan, start: Mapping[str, tuple[int, int]] | None) -> dict[int, list[int]] | None:
    """The board given, in its own order, if it is complete and breaks no rule."""
    day_indexes = {day.index for day in plan.problem.days}
    known = {s: at for s, at in (start or {}).items() if s in plan.number and at[0] in day_indexes}
    if len(known) < len(plan.minutes):
        return None
    orders = place(plan, known)
    stands = [(scene, day) for day, order in orders.items() for scene in order]
    ledger = Ledger(plan, exact=False)
    if not respects(ledger, stands) or not all(follows(plan, order) for order in orders.values()):
        return None
    limits = ledger.limits([1 if orders.get(day) else 0 for day in range(plan.days)])
    broken = any(run_day(plan, day, order, limits[day])[0] for day, order in orders.items())
    return None if broken else orders


class Clock:
    """When to stop, how far the search is (0 to 1), and when to tell."""

    def __init__(
        self, began: float, seconds: float, iterations: int | None, bound: int, progress: Progress | None
    ) -> None:
        self.began, self.iterations = began, iterations
        self.bound, self.progress = bound, progress
        self.entered = time.perf_counter()
        # The last twentieth is for putting days in their final order and writing the answer.
        self.until = began + seconds * 0.95 - min(0.02, seconds * 0.1)
        self.last = began + seconds
        self.told = began
        self.stopped = False

    def share(self, done: int) -> float:
        if self.iterations is not None:
            return done / self.iterations if self.iterations else 1.0
        span = self.until - self.entered
        return (time.perf_counter() - self.entered) / span if span > 0 else 1.0

    def tell(self, done: int, best: int | None) -> None:
        """Tell how far the search is, now and then; who is told may stop it."""
        now = time.perf_counter()
        if self.progress is not None and (now - self.told >= TELL or not done):
            self.told = now
            self.stopped = self.progress(best, self.bound, done, now - self.began) is False

    def polishing(self) -> bool:
        return self.iterations is not None or time.perf_counter() < self.last - 0.005


def opening(plan: Plan, start: Mapping[str, tuple[int, int]] | None) -> Ledger:
    """A board to search from: every scene that has a possible day stands on one, precedence holds."""
    if start is None:
        ledger = first_fit(plan)
        wanted = list(ledger.day_of)
    else:
        day_at = {day.index: number for number, day in enumerate(plan.problem.days)}
        wanted = [-1] * len(plan.minutes)
        for name, (index, _) in start.items():
            if name in plan.number and index in day_at:
                wanted[plan.number[name]] = day_at[index]
        ledger = Ledger(plan, exact=tiny(plan))
        for scene in in_order(plan.before):
            if wanted[scene] >= 0 and ledger.window(scene) >> wanted[scene] & 1:
                ledger.move([(scene, wanted[scene])])
    if start is not None or any(day < 0 and plan.allowed[s] for s, day in enumerate(ledger.day_of)):
        settle(ledger)
    return ledger


def settle(ledger: Ledger) -> None:
    """Give each scene without a day the one where least breaks, then the cheapest."""
    plan = ledger.plan
    for scene in in_order(plan.before):
        if ledger.day_of[scene] >= 0 or not plan.allowed[scene]:
            continue
        window = ledger.window(scene)
        if not window:
            clear_way(ledger)
            return
        ledger.move([(scene, min(bits(window), key=lambda day: ledger.weigh([(scene, day)])[1::-1]))])


def clear_way(ledger: Ledger) -> None:
    """Stand every scene on its first day after those it must follow: what is left when a start blocks precedence."""
    plan = ledger.plan
    day_of = [-1] * len(plan.minutes)
    for scene in in_order(plan.before):
        if plan.allowed[scene]:
            after = max((day_of[first] for first in plan.before[scene]), default=0)
            open_days = plan.allowed[scene] & (-1 << max(0, after))
            wanted = ledger.day_of[scene]
            keeps = wanted >= 0 and open_days >> wanted & 1
            day_of[scene] = wanted if keeps else bits(open_days)[0]
    ledger.fill(day_of)


def anneal(ledger: Ledger, dice: random.Random, clock: Clock) -> tuple[list[int] | None, int]:
    """Improve the board in place; returns the best legal scene -> day and the iterations done."""
    mover = Mover(ledger, dice)

    def enough(done: int) -> bool:
        """Whether mending alone has had its time."""
        if done % LOOK:
            return clock.iterations is not None and done >= clock.iterations
        if clock.share(done) < MENDING_SHARE:
            clock.tell(done, None)
            return clock.stopped
        return True

    done = mend(ledger, mover, dice, enough)
    best = list(ledger.day_of) if not ledger.broken else None
    best_fen = ledger.fen
    heat, price = temperatures(ledger, mover)
    cool = heat / 200
    temperature, share, look = heat, 0.0, done
    while mover.free and not clock.stopped and (clock.iterations is None or done < clock.iterations):
        if done >= look:
            look = done + LOOK
            share = clock.share(done)
            if share >= 1.0:
                break
            temperature = heat * (cool / heat) ** share
            clock.tell(done, best_fen if best is not None else None)
            if clock.stopped:
                break
        done += 1
        moves = mover.draw()
        if not moves or not respects(ledger, moves):
            continue
        fen, broken, tries, people = ledger.weigh(moves)
        # Until a legal board is known, mending comes before money.
        change = fen + price * broken if best is not None else fen + MENDING * price * broken
        warmth = temperature if best is not None else heat / MENDING
        if change > 0 and dice.random() >= math.exp(-change / warmth):
            continue
        ledger.apply(moves, fen, broken, tries, people)
        if not ledger.broken and (best is None or ledger.fen < best_fen):
            best, best_fen = list(ledger.day_of), ledger.fen
    return best, done


def few_boards(ledger: Ledger) -> bool:
    return ledger.exact and math.prod(max(1, days.bit_count()) for days in ledger.plan.allowed) <= MOST_BOARDS


def try_all(ledger: Ledger, clock: Clock) -> tuple[list[int] | None, int]:
    """The cheapest of all boards of a tiny problem: scene -> day, and the boards tried."""
    best = list(ledger.day_of) if not ledger.broken else None
    best_fen, done = ledger.fen, 0
    for days in product(*(bits(mask) or [-1] for mask in ledger.plan.allowed)):
        moves = [(scene, day) for scene, day in enumerate(days) if day >= 0]
        if clock.iterations is None and clock.share(done) >= 1.0:
            break
        done += 1
        if not respects(ledger, moves):
            continue
        ledger.fill(list(days))
        if not ledger.broken and (best is None or ledger.fen < best_fen):
            best, best_fen = list(days), ledger.fen
    return best, done


def temperatures(ledger: Ledger, mover: Mover) -> tuple[float, int]:
    """Starting heat from what moves cost, and the price of a broken minute: dearer than what a minute can save."""
    worse = []
    for _ in range(200 if mover.free else 0):
        moves = mover.draw()
        if moves and respects(ledger, moves):
            fen, broken, _, _ = ledger.weigh(moves)
            if fen > 0 and broken <= 0:
                worse.append(fen)
    worse.sort()
    usual = worse[len(worse) // 2] if worse else 1 + ledger.fen // 100
    return max(1.0, usual * 0.4), max(1, usual // 15)


def strip_down(ledger: Ledger) -> None:
    """Take scenes off days that break until none does, then put back each that fits somewhere."""
    plan = ledger.plan
    for day in range(plan.days):
        while ledger.runs[day][0]:
            loose = [s for s in ledger.lists[day] if plan.scene_rows[s].locked_day is None]
            off = min(loose or ledger.lists[day], key=lambda s: (ledger.weigh([(s, -1)])[1], -plan.minutes[s]))
            ledger.move([(off, -1)])
    for scene in sorted(range(len(plan.minutes)), key=lambda s: plan.minutes[s]):
        if ledger.day_of[scene] >= 0:
            continue
        for day in bits(ledger.window(scene)):
            fen, broken, tries, people = ledger.weigh([(scene, day)])
            if broken <= 0:
                ledger.apply([(scene, day)], fen, broken, tries, people)
                break


def polished(ledger: Ledger, clock: Clock) -> dict[int, list[int]]:
    """Each used day in its final order."""
    limits = ledger.limits(ledger.masks)
    orders = {}
    for day, scenes in enumerate(ledger.lists):
        if scenes:
            order = arrange(ledger.plan, day, scenes, limits[day], exact=ledger.exact)[1]
            if not ledger.exact and clock.polishing():
                order = polish(ledger.plan, day, order, limits[day])[1]
            orders[day] = order
    return orders
