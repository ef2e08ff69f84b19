"""WSGI door."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
application = get_wsgi_application()
# What is loaded now stays: the collector need not walk it again for every few lists of rows it sees made.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
