"""The independent judge of boards: every hard rule verified and every cost line counted again, from the problem's own words.

Shares no code with the search. It reads clock times as given and asks whether a crew could live them; it does not ask
whether they could be shorter.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from .answer import Answer, BoardDay, BoardScene, Violation, Visit, violation
from .problem import Day, FilmSet, Problem, Scene
from .words import Params, clock


def check(problem: Problem, answer: Answer) -> list[Violation]:
    """What is wrong with an answer; an empty list means a complete legal board with true figures."""
    judge = Judge(problem, answer)
    found = list(judge.census())
    if any(v.code in ("scene.unknown", "day.unknown", "day.order") for v in found):
        return found
    for day in answer.days:
        found += judge.day(day)
    found += judge.rest()
    found += judge.precedence()
    found += judge.money()
    return found


class Judge:
    def __init__(self, problem: Problem, answer: Answer) -> None:
        self.problem, self.answer = problem, answer
        self.scenes = {scene.id: scene for scene in problem.scenes}
        self.sets = {film_set.id: film_set for film_set in problem.sets}
        self.people = {person.id: person for person in problem.people}
        self.bases = {base.id: base for base in problem.bases}
        self.days = {day.index: day for day in problem.days}

    def census(self) -> Iterator[Violation]:
        """Each scene once, on a day that exists."""
        last = None
        for day in self.answer.days:
            if day.index not in self.days:
                yield violation("day.unknown", {"day": day.index})
            elif last is not None and day.index <= last:
                yield violation("day.order", {"day": day.index})
            last = day.index
        stands = Counter(scene.id for day in self.answer.days for scene in day.scenes)
        for scene, times in stands.items():
            if scene not in self.scenes:
                yield violation("scene.unknown", {"scene": scene})
            if times > 1:
                yield violation("scene.twice", {"scene": scene, "times": times})
            if scene in self.answer.unplaced:
                yield violation("scene.unplaced_wrong", {"scene": scene})
        for scene in self.scenes:
            if scene not in stands:
                yield violation("scene.unplaced", {"scene": scene})

    def day(self, board: BoardDay) -> Iterator[Violation]:
        day, rules = self.days[board.index], self.problem.rules
        if len(board.scenes) > rules.max_scenes_a_day:
            yield violation(
                "day.too_many",
                {"day": day.index, "scenes": len(board.scenes), "most": rules.max_scenes_a_day},
            )
        for stand in board.scenes:
            yield from self.scene(stand, day)
        yield from self.visits(board, day)
        yield from self.meals(board, day)
        end = max((stand.end_minute for stand in board.scenes), default=day.call_minutes)
        if board.wrap_minute != end:
            yield violation("day.wrap", {"day": day.index, "given": clock(board.wrap_minute), "wrap": clock(end)})
        if end > day.wrap_limit_minutes:
            yield violation(
                "day.too_long",
                {
                    "day": day.index,
                    "wrap": clock(end),
                    "limit": clock(day.wrap_limit_minutes),
                    "minutes": end - day.wrap_limit_minutes,
                },
            )

    def scene(self, stand: BoardScene, day: Day) -> Iterator[Violation]:
        scene = self.scenes[stand.id]
        start, end = stand.start_minute, stand.end_minute
        if end - start != scene.minutes:
            yield violation("scene.duration", {"scene": scene.id, "minutes": scene.minutes, "given": end - start})
        if scene.locked_day is not None and scene.locked_day != day.index:
            yield violation("scene.locked", {"scene": scene.id, "locked": scene.locked_day, "day": day.index})
        for name in scene.cast:
            available = self.people[name].available
            if available is not None and day.index not in available:
                yield violation("person.unavailable", {"person": name, "day": day.index, "scene": scene.id})
        yield from self.light(scene, start, end, day)

    def light(self, scene: Scene, start: int, end: int, day: Day) -> Iterator[Violation]:
        dawn, dusk = day.daylight_start_minutes, day.daylight_end_minutes
        if scene.int_ext == "int":
            return
        if scene.time_of_day != "night":
            if start < dawn or end > dusk:
                yield violation(
                    "light.day",
                    {
                        "scene": scene.id,
                        "start": clock(start),
                        "end": clock(end),
                        "from": clock(dawn),
                        "until": clock(dusk),
                        "day": day.index,
                    },
                )
        elif self.problem.rules.night_exteriors == "dark":
            before_dawn, after_dusk = end <= dawn, start >= dusk and end <= dawn + 1440
            if not before_dawn and not after_dusk:
                yield violation(
                    "light.night",
                    {"scene": scene.id, "start": clock(start), "end": clock(end), "day": day.index},
                )

    def visits(self, board: BoardDay, day: Day) -> Iterator[Violation]:
        """The visits cover the scenes in order; nobody is in two places; every set is open and dressed."""
        stays: list[tuple[str, list[BoardScene]]] = []
        for stand in board.scenes:
            where = self.scenes[stand.id].set
            if not stays or stays[-1][0] != where:
                stays.append((where, []))
            stays[-1][1].append(stand)
        if [where for where, _ in stays] != [visit.set for visit in board.visits]:
            start = board.visits[0].arrive_minute if board.visits else day.call_minutes
            name = board.visits[0].set if board.visits else stays[0][0]
            yield violation("visit.wrong", {"set": name, "start": clock(start), "day": day.index})
            return
        before: Visit | None = None
        for visit, (where, stands) in zip(board.visits, stays, strict=True):
            film_set = self.sets[where]
            if before is None:
                earliest = day.call_minutes
            else:
                earliest = before.leave_minute + self.travel(self.sets[before.set], film_set)
                earliest += sum(
                    min(b.end_minute, visit.arrive_minute) - b.start_minute
                    for b in board.breaks
                    if before.leave_minute <= b.start_minute < visit.arrive_minute
                )
            if visit.arrive_minute < earliest:
                at: Params = {"set": where, "start": clock(visit.arrive_minute), "day": day.index}
                if before is None:
                    yield violation(
                        "day.call", {"day": day.index, "start": at["start"], "call": clock(day.call_minutes)}
                    )
                else:
                    yield violation("visit.early", {**at, "ready": clock(earliest)})
            ready = visit.arrive_minute + film_set.dressing_minutes
            for stand in stands:
                if stand.start_minute < ready:
                    if stand is stands[0]:
                        yield violation(
                            "visit.dressing",
                            {
                                "set": where,
                                "minutes": film_set.dressing_minutes,
                                "scene": stand.id,
                                "day": day.index,
                            },
                        )
                    else:
                        params = {
                            "scene": stand.id,
                            "start": clock(stand.start_minute),
                            "ready": clock(ready),
                        }
                        yield violation("scene.overlap", params)
                ready = stand.end_minute
                came = visit.arrive_minute if stand is stands[0] else stand.start_minute
                yield from self.opening(film_set, came, stand, day)
            if visit.leave_minute != stands[-1].end_minute:
                yield violation("visit.wrong", {"set": where, "start": clock(visit.arrive_minute), "day": day.index})
            before = visit

    def opening(self, film_set: FilmSet, came: int, stand: BoardScene, day: Day) -> Iterator[Violation]:
        if film_set.open is None:
            return
        for window in film_set.open:
            if window.day == day.index and window.start_minute <= came and stand.end_minute <= window.end_minute:
                return
        yield violation(
            "set.closed",
            {
                "set": film_set.id,
                "start": clock(came),
                "end": clock(stand.end_minute),
                "day": day.index,
                "scene": stand.id,
            },
        )

    def travel(self, start: FilmSet, end: FilmSet) -> int:
        if start.base == end.base:
            return self.problem.rules.set_change_minutes
        there = self.bases[start.base].move_minutes
        back = self.bases[end.base].move_minutes
        if end.base in there:
            return there[end.base]
        return back.get(start.base, self.problem.rules.base_move_minutes)

    def meals(self, board: BoardDay, day: Day) -> Iterator[Violation]:
        """Breaks are long enough and free of work; no scene ends too long after the last one, save the first since."""
        rules = self.problem.rules
        busy = [(s.start_minute, s.end_minute) for s in board.scenes]
        busy += [(v.arrive_minute, v.arrive_minute + self.sets[v.set].dressing_minutes) for v in board.visits]
        for pause in board.breaks:
            start, end = pause.start_minute, pause.end_minute
            if end - start < rules.meal_minutes or any(a < end and start < b for a, b in busy):
                yield violation("meal.wrong", {"start": clock(start), "day": day.index, "minutes": rules.meal_minutes})
        if not rules.meal_minutes:
            return
        for place, stand in enumerate(board.scenes):
            fed = max(
                (b.end_minute for b in board.breaks if b.end_minute <= stand.start_minute),
                default=day.call_minutes,
            )
            first = place == 0 or board.scenes[place - 1].end_minute <= fed
            if not first and stand.end_minute - fed > rules.meal_after_minutes:
                params: Params = {
                    "scene": stand.id,
                    "minutes": stand.end_minute - fed,
                    "due": rules.meal_after_minutes,
                }
                yield violation("meal.late", params)

    def rest(self) -> Iterator[Violation]:
        needed = self.problem.rules.rest_minutes
        used = [board for board in self.answer.days if board.scenes]
        for board, following in pairwise(used):
            day, after = self.days[board.index], self.days[following.index]
            minutes = (after.date - day.date).days * 1440 + after.call_minutes - board.wrap_minute
            if minutes < needed:
                params: Params = {"minutes": minutes, "day": day.index, "next": after.index, "needed": needed}
                yield violation("rest.short", params)

    def precedence(self) -> Iterator[Violation]:
        stands = {scene.id: (day.index, place) for day in self.answer.days for place, scene in enumerate(day.scenes)}
        for scene in self.problem.scenes:
            for before in scene.after:
                if scene.id in stands and before in stands and stands[scene.id] < stands[before]:
                    yield violation("scene.too_early", {"scene": scene.id, "before": before})

    def money(self) -> Iterator[Violation]:
        true = self.prices()
        given: Counter[tuple[str, str]] = Counter()
        for line in self.answer.cost_lines:
            subject = line.params.get("person") or line.params.get("set") or ""
            day = line.params.get("day", "") if line.code != "set.days" else ""
            given[line.code, f"{subject}/{day}"] += line.amount
        for key in sorted(set(true) | set(given)):
            if true[key] != given[key]:
                yield violation("cost.line", {"line": " ".join(key), "given": given[key], "amount": true[key]})
        total = sum(line.amount for line in self.answer.cost_lines)
        if total != self.answer.total:
            yield violation("cost.total", {"given": self.answer.total, "amount": total})
        if self.answer.feasible and self.answer.bound > self.answer.total:
            yield violation("bound.above", {"bound": self.answer.bound, "total": self.answer.total})

    def prices(self) -> Counter[tuple[str, str]]:
        """(code, person or set / day) -> fen, counted from clock times alone."""
        problem, costs, weights = self.problem, self.problem.costs, self.problem.weights
        fen: Counter[tuple[str, str]] = Counter()
        calendar = [day.index for day in problem.days]
        used = [board for board in self.answer.days if board.scenes]
        for person in problem.people:
            worked = [
                calendar.index(board.index)
                for board in used
                if any(person.id in self.scenes[stand.id].cast for stand in board.scenes)
            ]
            if worked:
                held = worked[-1] - worked[0] + 1 - len(worked)
                work = person.day_rate * len(worked)
                # Half a fen is rounded up.
                hold = held * ((2 * person.day_rate * person.hold_percent + 100) // 200)
                fen["cast.work", f"{person.id}/"] = work
                fen["cast.hold", f"{person.id}/"] = hold
                fen["cast.minimum", f"{person.id}/"] = max(0, person.min_days * person.day_rate - work - hold)
        episodes = sorted({scene.episode for scene in problem.scenes})
        fen["crew.days", "/"] = costs.crew_day * len(used)
        for board in used:
            day = self.days[board.index]
            for name in {visit.set for visit in board.visits}:
                hours = sum((v.leave_minute - v.arrive_minute + 59) // 60 for v in board.visits if v.set == name)
                fen["set.hours", f"{name}/{board.index}"] = hours * self.sets[name].price_per_hour
                fen["set.days", f"{name}/"] += self.sets[name].price_per_day
            over = max(0, board.wrap_minute - day.call_minutes - problem.rules.overtime_after_minutes)
            fen["crew.overtime", f"/{board.index}"] = (over * costs.overtime_per_hour + 59) // 60
            crowd = max(self.scenes[stand.id].extras for stand in board.scenes)
            fen["extras.day", f"/{board.index}"] = crowd * costs.extra_day
            stops = [self.sets[visit.set].base for visit in board.visits]
            moves = sum(1 for place in range(1, len(stops)) if stops[place] != stops[place - 1])
            fen["moves.base", f"/{board.index}"] = moves * costs.base_move
            fen["wish.set_changes", "/"] += (len(board.visits) - 1) * weights.set_change
            late = calendar.index(board.index)
            for stand in board.scenes:
                scene = self.scenes[stand.id]
                fen["wish.priority", "/"] += weights.priority * scene.priority * late
                if len(episodes) > 1:
                    after = len(episodes) - 1 - episodes.index(scene.episode)
                    fen["wish.early_episodes", "/"] += weights.early_episodes * after // (len(episodes) - 1) * late
                else:
                    fen["wish.early_episodes", "/"] += weights.early_episodes * late
        return fen
