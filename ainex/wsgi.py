import os

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ainex.settings")


class Request(WSGIRequest):
    """Always UTF-8: Django would read the address in the charset of the Content-Type header, and fail without an answer
    where that is no charset of texts (`charset=hex`). community/middleware.py refuses the others."""

    @property
    def encoding(self) -> None:
        return None

    @encoding.setter
    def encoding(self, value: str) -> None:
        pass


class Handler(WSGIHandler):
    request_class = Request


django.setup(set_prefix=False)
application = Handler()
