"""Addresses of what people are owed and paid, and of what watches a title's money."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_noop

from finance import views_wages, views_watching
from studio.context import add_navigation

urlpatterns: list[URLPattern] = [
    path("wages/", views_wages.wages, name="wages"),
    path("wages/make-up/", views_wages.make_up_wages, name="make_up_wages"),
    path("wages/<int:pk>/", views_wages.wage_payment, name="wage_payment"),
    path("wages/<int:pk>/approve/", views_wages.approve_wage, name="approve_wage"),
    path("wages/<int:pk>/pay/", views_wages.pay_wage, name="pay_wage"),
    path("wages/<int:pk>/take-back/", views_wages.drop_wage, name="drop_wage"),
    path("wages/<int:pk>/papers/", views_wages.keep_wage_paper, name="keep_wage_paper"),
    path("wages/<int:pk>/pdf/", views_wages.wage_paper, name="wage_paper"),
    path("people/<int:pk>/wages/", views_wages.person_wages, name="person_wages"),
    path("my/pay/", views_wages.my_pay, name="my_pay"),
    path("my/pay/<int:pk>/pdf/", views_wages.my_pay_paper, name="my_pay_paper"),
    path("productions/<int:pk>/estimate/", views_watching.estimate, name="estimate"),
    path("productions/<int:pk>/margin/", views_watching.margin, name="margin"),
    path("productions/<int:pk>/alarms/", views_watching.alarms, name="alarms"),
    path("money-alarms/<int:pk>/seen/", views_watching.see_alarm, name="see_alarm"),
    path("money/thresholds/", views_watching.thresholds, name="thresholds"),
]
add_navigation("wages", gettext_noop("Wages"), "coins", "money.view")
