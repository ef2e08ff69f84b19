"""Addresses of this room's pages."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_noop

from compliance import consent_views, flag_views, gate_views, rule_views, views
from studio.context import add_navigation, add_production_tab

_TITLE = "productions/<int:pk>/filing/"
_CONSENTS = "productions/<int:pk>/consents/"

urlpatterns: list[URLPattern] = [
    path("compliance/", views.board, name="compliance"),
    path("compliance/rules/", rule_views.class_rules, name="class_rules"),
    path("compliance/rules/<int:pk>/", rule_views.class_rule, name="class_rule"),
    path("compliance/rules/<int:pk>/put-in-force/", rule_views.put_rule_in_force, name="put_rule_in_force"),
    path(_TITLE, views.filing, name="filing"),
    path("productions/<int:pk>/content-flags/", flag_views.content_flags, name="content_flags"),
    path("productions/<int:pk>/content-flags/look/", flag_views.look_for_flags, name="look_for_flags"),
    path("productions/<int:pk>/content-flags/<int:flag_pk>/decide/", flag_views.decide_flag, name="decide_flag"),
    path("compliance/clocks/", consent_views.filing_clocks, name="filing_clocks"),
    path(_CONSENTS, consent_views.title_consents, name="title_consents"),
    path(f"{_CONSENTS}record/", consent_views.record_consent, name="record_consent"),
    path(f"{_CONSENTS}<int:consent_pk>/paper/", consent_views.consent_paper, name="consent_paper"),
    path(f"{_CONSENTS}<int:consent_pk>/withdraw/", consent_views.withdraw_consent, name="withdraw_consent"),
    path(f"{_CONSENTS}ai/", consent_views.declare_ai, name="declare_ai"),
    path(f"{_CONSENTS}ai/<int:declaration_pk>/proof/", consent_views.ai_proof, name="ai_proof"),
    path(f"{_TITLE}override/", gate_views.open_gate, name="open_gate"),
    path(f"{_TITLE}override/<int:override_pk>/withdraw/", gate_views.close_gate, name="close_gate"),
    path(f"{_TITLE}judge/", views.judge, name="judge_class"),
    path(f"{_TITLE}case/", views.change_case, name="change_case"),
    path(f"{_TITLE}open/", views.open_filing, name="open_filing"),
    path(f"{_TITLE}<int:filing_pk>/submit/", views.submit_filing, name="submit_filing"),
    path(f"{_TITLE}<int:filing_pk>/papers/", views.note_papers, name="note_papers"),
    path(f"{_TITLE}<int:filing_pk>/decide/", views.decide_filing, name="decide_filing"),
]

add_navigation("compliance", gettext_noop("Filings"), "stamp", "compliance.view")
add_production_tab(20, "filing", gettext_noop("Filing"), "compliance.view")
