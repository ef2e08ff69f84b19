"""The pages of the admin, walked as in `test_matrix`; a file of its own so that two processes share the walk."""

from __future__ import annotations

import pytest

from tests.house.routes import Route
from tests.house.walking import ROUTES, check
from tests.house.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("route", [route for route in ROUTES if route.admin], ids=str)
def test_a_page_of_the_admin_answers_each_role_as_the_table_says(route: Route, standing: World) -> None:
    check(route, standing)
