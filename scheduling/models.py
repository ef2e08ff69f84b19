"""Film bases, locations, sets, bookings, availability, stripboards, shoot days and call sheets."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scheduling.choices import BoardMoveKind, BoardState, BookingState, CallSheetState, HireBy, ShootDayState, Unit
from scripts_app.models import Character, Scene
from studio.models import Engagement, Person, Production, Scoped, Stamped, Studio, User


class FilmBase(Stamped, Scoped):
    """Where the truck goes: a film base with its locations."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="film_bases", verbose_name=_("studio"))
    name = models.CharField(_("name"), max_length=80)
    city = models.CharField(_("city"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    contact = models.CharField(_("contact"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("film base")
        verbose_name_plural = _("film bases")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "name"], name="film_base_name_once"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="film_base_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Location(Stamped, Scoped):
    """A standing set or place at a film base that can be hired."""

    studio_path = "base__studio"
    production_path = None

    base = models.ForeignKey(FilmBase, models.CASCADE, related_name="locations", verbose_name=_("film base"))
    name = models.CharField(_("name"), max_length=80)
    hire_by = models.CharField(_("hired"), max_length=5, choices=HireBy, default=HireBy.DAY)
    price_minor = models.BigIntegerField(_("price (fen)"), default=0, help_text=_("Per hour or per day, as hired."))
    open_from_minute = models.PositiveIntegerField(_("opens (minute of the day)"), default=0)
    open_to_minute = models.PositiveIntegerField(_("closes (minute of the day)"), default=1440)
    dressing_minutes = models.PositiveIntegerField(_("dressing (minutes)"), default=30)

    class Meta:
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        ordering = ["base_id", "name"]
        constraints = [
            models.UniqueConstraint(fields=["base", "name"], name="location_name_once"),
            models.CheckConstraint(condition=Q(price_minor__gte=0), name="location_price_not_negative"),
            models.CheckConstraint(
                condition=Q(open_to_minute__gt=F("open_from_minute")), name="location_opens_before_it_closes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.base.name} · {self.name}"


class Set(Stamped, Scoped):
    """A place of the story and where it is shot."""

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.CASCADE, related_name="sets", verbose_name=_("production"))
    name = models.CharField(_("name"), max_length=120, help_text=_("As in the script."))
    location = models.ForeignKey(
        Location, models.SET_NULL, null=True, blank=True, related_name="sets", verbose_name=_("location")
    )

    class Meta:
        verbose_name = pgettext_lazy("story place", "set")
        verbose_name_plural = pgettext_lazy("story place", "sets")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["production", "name"], name="set_name_once")]

    def __str__(self) -> str:
        return self.name


class Booking(Stamped, Scoped):
    """A location taken from `start_at` up to `end_at`."""

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.CASCADE, related_name="bookings", verbose_name=_("production"))
    location = models.ForeignKey(Location, models.PROTECT, related_name="bookings", verbose_name=_("location"))
    start_at = models.DateTimeField(_("from"))
    end_at = models.DateTimeField(_("to"))
    price_minor = models.BigIntegerField(_("price (fen)"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=BookingState, default=BookingState.HELD)

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["start_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="booking_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(price_minor__gte=0), name="booking_price_not_negative"),
            models.CheckConstraint(condition=Q(state__in=BookingState.values), name="booking_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.location} {self.start_at:%m-%d %H:%M}"


class Unavailability(Stamped, Scoped):
    """Dates on which a person cannot work, both included."""

    studio_path = "person__studio"
    production_path = None

    person = models.ForeignKey(Person, models.CASCADE, related_name="unavailabilities", verbose_name=_("person"))
    from_date = models.DateField(_("from"))
    to_date = models.DateField(_("to"))
    reason = models.CharField(_("reason"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("unavailability")
        verbose_name_plural = _("unavailabilities")
        ordering = ["from_date"]
        constraints = [models.CheckConstraint(condition=Q(to_date__gte=F("from_date")), name="unavailability_in_order")]

    def __str__(self) -> str:
        return f"{self.person} · {self.from_date} – {self.to_date}"


class Casting(Stamped, Scoped):
    """Who plays a role."""

    studio_path = "character__production__studio"
    production_path = "character__production"

    character = models.OneToOneField(Character, models.CASCADE, related_name="casting", verbose_name=_("role"))
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="castings", verbose_name=_("performer"))

    class Meta:
        verbose_name = _("casting")
        verbose_name_plural = _("castings")

    def __str__(self) -> str:
        return f"{self.character} · {self.engagement.person}"


class Stripboard(Stamped, Scoped):
    """A schedule of a production: a draft to try things, or the one locked board the shoot follows.

    `version` goes up with every change; a change made against an older one is refused.
    """

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.CASCADE, related_name="stripboards", verbose_name=_("production"))
    name = models.CharField(_("name"), max_length=80)
    state = models.CharField(_("state"), max_length=10, choices=BoardState, default=BoardState.DRAFT)
    version = models.BigIntegerField(default=1, editable=False)
    total_minor = models.BigIntegerField(_("cost (fen)"), null=True, blank=True)
    bound_minor = models.BigIntegerField(_("cannot cost less than (fen)"), null=True, blank=True)
    cost_lines = models.JSONField(_("cost lines"), default=list, blank=True)
    warnings = models.JSONField(_("warnings"), default=list, blank=True)
    solved_version = models.BigIntegerField(null=True, blank=True, editable=False)
    locked_at = models.DateTimeField(_("locked"), null=True, blank=True)
    locked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("locked by")
    )
    lock_reason = models.CharField(
        _("why it was locked against its warnings"), max_length=300, blank=True, default="", editable=False
    )
    # What the solver reckons with. Starting points of the trade, edited per board.
    most_scenes = models.PositiveIntegerField(_("most scenes a day"), default=60)
    meal_minutes = models.PositiveIntegerField(_("meal (minutes)"), default=45)
    set_change_minutes = models.PositiveIntegerField(_("change of set (minutes)"), default=10)
    base_move_minutes = models.PositiveIntegerField(_("move between bases (minutes)"), default=60)
    overtime_after_minutes = models.PositiveIntegerField(_("overtime after (minutes)"), default=720)
    night_exteriors_any_time = models.BooleanField(_("night exteriors at any hour"), default=False)
    base_move_minor = models.BigIntegerField(_("a move between bases (fen)"), default=0)
    extra_day_minor = models.BigIntegerField(_("an extra a day (fen)"), default=13_500)
    early_episodes_minor = models.BigIntegerField(
        _("wish: early episodes first (fen a day)"), default=0, help_text=_("What a day's delay of episode 1 is worth.")
    )
    set_change_minor = models.BigIntegerField(
        _("wish: few set changes (fen each)"), default=3_000, help_text=_("What staying in the set is worth.")
    )

    class Meta:
        verbose_name = _("stripboard")
        verbose_name_plural = _("stripboards")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["production"], condition=Q(state=BoardState.LOCKED), name="stripboard_one_locked"
            ),
            models.CheckConstraint(condition=Q(state__in=BoardState.values), name="stripboard_state_known"),
            models.CheckConstraint(
                condition=Q(state=BoardState.DRAFT, locked_at=None)
                | (~Q(state=BoardState.DRAFT) & Q(locked_at__isnull=False)),
                name="stripboard_locked_at_iff_locked",
            ),
            models.CheckConstraint(
                condition=Q(
                    base_move_minor__gte=0, extra_day_minor__gte=0, early_episodes_minor__gte=0, set_change_minor__gte=0
                ),
                name="stripboard_prices_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BoardDay(Scoped):
    """A day column of a board."""

    studio_path = "board__production__studio"
    production_path = "board__production"

    board = models.ForeignKey(Stripboard, models.CASCADE, related_name="days", verbose_name=_("stripboard"))
    date = models.DateField(_("date"))
    unit = models.CharField(_("unit"), max_length=8, choices=Unit, default=Unit.MAIN)
    call_minute = models.PositiveIntegerField(_("call (minute of the day)"), default=360)
    limit_minutes = models.PositiveIntegerField(_("longest day (minutes)"), default=840)
    # As last reckoned: the wrap, what the day costs, and its visits and meals ({"visits": [[set, from, to]],
    # "meals": [[from, to]]}).
    wrap_minute = models.PositiveIntegerField(null=True, blank=True, editable=False)
    cost_minor = models.BigIntegerField(null=True, blank=True, editable=False)
    timeline = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("day of a board")
        verbose_name_plural = _("days of a board")
        ordering = ["board_id", "date", "unit"]
        constraints = [
            models.UniqueConstraint(fields=["board", "date", "unit"], name="board_day_once"),
            models.CheckConstraint(condition=Q(call_minute__lt=1440), name="board_day_call_within_the_day"),
        ]

    def __str__(self) -> str:
        return f"{self.date} · {self.get_unit_display()}"


class Strip(Scoped):
    """A scene on a board: on a day at a position, or in the boneyard (`day` empty)."""

    studio_path = "board__production__studio"
    production_path = "board__production"

    board = models.ForeignKey(Stripboard, models.CASCADE, related_name="strips", verbose_name=_("stripboard"))
    scene = models.ForeignKey(Scene, models.CASCADE, related_name="strips", verbose_name=_("scene"))
    day = models.ForeignKey(
        BoardDay, models.SET_NULL, null=True, blank=True, related_name="strips", verbose_name=_("day on the board")
    )
    position = models.PositiveIntegerField(_("place in the order"), default=0)
    start_minute = models.PositiveIntegerField(_("from (minute of the day)"), null=True, blank=True)
    end_minute = models.PositiveIntegerField(_("to (minute of the day)"), null=True, blank=True)
    pinned = models.BooleanField(_("stays on its day"), default=False)

    class Meta:
        verbose_name = _("strip")
        verbose_name_plural = _("strips")
        ordering = ["board_id", "day_id", "position"]
        constraints = [models.UniqueConstraint(fields=["board", "scene"], name="strip_once_per_board")]

    def __str__(self) -> str:
        return str(self.scene)


class BoardMove(Scoped):
    """One change of a board: how its days and strips lay before and after. Undo and redo walk along them.

    A layout is {"days": [{"date", "unit", "call", "limit", "scenes": [ids in order]}], "pinned": [ids]}; scenes that
    stand on no day are in the boneyard.
    """

    studio_path = "board__production__studio"
    production_path = "board__production"

    board = models.ForeignKey(Stripboard, models.CASCADE, related_name="moves", verbose_name=_("stripboard"))
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=12, choices=BoardMoveKind)
    before = models.JSONField(_("before"))
    after = models.JSONField(_("after"))
    undone = models.BooleanField(_("undone"), default=False)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("change of a board")
        verbose_name_plural = _("changes of a board")
        ordering = ["board_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["board", "number"], name="board_move_number_once"),
            models.CheckConstraint(condition=Q(kind__in=BoardMoveKind.values), name="board_move_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.get_kind_display()}"


class ShootDay(Stamped, Scoped):
    """A day on which a unit shoots, made when a board is locked."""

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.CASCADE, related_name="shoot_days", verbose_name=_("production"))
    board = models.ForeignKey(
        Stripboard, models.SET_NULL, null=True, related_name="shoot_days", verbose_name=_("stripboard")
    )
    number = models.PositiveIntegerField(_("shoot day"))
    unit = models.CharField(_("unit"), max_length=8, choices=Unit, default=Unit.MAIN)
    date = models.DateField(_("date"))
    call_minute = models.PositiveIntegerField(_("call (minute of the day)"), default=360)
    wrap_minute = models.PositiveIntegerField(_("planned wrap (minute, may pass midnight)"), default=1200)
    base = models.ForeignKey(
        FilmBase, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("film base")
    )
    state = models.CharField(_("state"), max_length=10, choices=ShootDayState, default=ShootDayState.PLANNED)
    notes = models.TextField(_("notes"), blank=True)

    class Meta:
        verbose_name = _("shoot day")
        verbose_name_plural = _("shoot days")
        ordering = ["production_id", "date", "unit"]
        constraints = [
            models.UniqueConstraint(fields=["production", "date", "unit"], name="shoot_day_once_per_unit_and_date"),
            models.CheckConstraint(condition=Q(state__in=ShootDayState.values), name="shoot_day_state_known"),
            models.CheckConstraint(condition=Q(wrap_minute__gt=F("call_minute")), name="shoot_day_wraps_after_call"),
        ]

    def __str__(self) -> str:
        return f"{self.production.code} · {self.date}"


class PlannedScene(Scoped):
    """A scene that a shoot day is to shoot, in order."""

    studio_path = "shoot_day__production__studio"
    production_path = "shoot_day__production"

    shoot_day = models.ForeignKey(ShootDay, models.CASCADE, related_name="planned_scenes", verbose_name=_("shoot day"))
    scene = models.ForeignKey(Scene, models.CASCADE, related_name="plans", verbose_name=_("scene"))
    position = models.PositiveIntegerField(_("place in the order"))
    start_minute = models.PositiveIntegerField(_("from (minute of the day)"), null=True, blank=True)
    end_minute = models.PositiveIntegerField(_("to (minute of the day)"), null=True, blank=True)
    owed_at = models.DateTimeField(_("handed back unshot"), null=True, blank=True)

    class Meta:
        verbose_name = _("planned scene")
        verbose_name_plural = _("planned scenes")
        ordering = ["shoot_day_id", "position"]
        constraints = [models.UniqueConstraint(fields=["shoot_day", "scene"], name="planned_scene_once_per_day")]

    def __str__(self) -> str:
        return str(self.scene)


class CallSheet(Stamped, Scoped):
    """A call sheet as issued: its data and PDF never change; a revision is a new row."""

    studio_path = "shoot_day__production__studio"
    production_path = "shoot_day__production"

    shoot_day = models.ForeignKey(ShootDay, models.CASCADE, related_name="call_sheets", verbose_name=_("shoot day"))
    revision = models.PositiveIntegerField(_("revision"))
    state = models.CharField(_("state"), max_length=8, choices=CallSheetState, default=CallSheetState.ISSUED)
    data = models.JSONField(_("contents"))
    pdf = models.FileField(_("PDF"), upload_to="call_sheets/%Y/%m", blank=True, max_length=200)
    issued_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("issued by"))
    issued_at = models.DateTimeField(_("issued"))

    class Meta:
        verbose_name = _("call sheet")
        verbose_name_plural = _("call sheets")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["shoot_day", "revision"], name="call_sheet_revision_once"),
            models.UniqueConstraint(
                fields=["shoot_day"], condition=~Q(state=CallSheetState.REVISED), name="call_sheet_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shoot_day} · {self.revision}"


class CallSheetRecipient(Scoped):
    """One person's call: when to be there, and whether they opened and confirmed it."""

    studio_path = "call_sheet__shoot_day__production__studio"
    production_path = "call_sheet__shoot_day__production"

    call_sheet = models.ForeignKey(CallSheet, models.CASCADE, related_name="recipients", verbose_name=_("call sheet"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="calls", verbose_name=_("person"))
    department = models.CharField(_("department"), max_length=20)
    job_title = models.CharField(_("job"), max_length=60)
    call_minute = models.PositiveIntegerField(_("call"))
    scene_numbers = models.JSONField(_("scenes"), default=list)
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["call_sheet_id", "call_minute", "id"]
        constraints = [models.UniqueConstraint(fields=["call_sheet", "person", "job_title"], name="call_once_per_job")]

    def __str__(self) -> str:
        return f"{self.person} · {self.job_title}"
