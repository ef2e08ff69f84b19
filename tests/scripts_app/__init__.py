"""Tests of the script room."""
