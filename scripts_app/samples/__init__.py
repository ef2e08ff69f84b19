"""Scripts to try the house with: one written for it, and a generator of full-size ones."""

from pathlib import Path

# An original micro-drama, 《第一道光》: 12 episodes, written for this project.
FIRST_LIGHT = Path(__file__).with_name("first_light.txt")
