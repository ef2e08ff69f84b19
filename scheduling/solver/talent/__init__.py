"""Talent scheduling: one order of scenes such that everybody's time on location, waits included, costs least.

The problem of the literature (Cheng, Diamond and Lin 1993; Garcia de la Banda, Stuckey and Chu 2011; Qin and others 2016),
solved exactly. Imports numba, so it is imported where it is used and not with the boards.
"""

from .problem import Talent, read_talent
from .schedule import Schedule, schedule

__all__ = ["Schedule", "Talent", "read_talent", "schedule"]
