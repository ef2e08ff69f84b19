"""The journey: one title from its script file to its payouts, by the real actions and jobs.

The demo studio is made of the same steps, stopped at different places.
"""
