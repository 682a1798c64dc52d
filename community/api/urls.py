"""Every address under /api/; what is none of them is answered as a problem too."""

from django.urls import path
from django.views.generic import RedirectView

from .docs import documentation, openapi
from .problems import no_such_address
from .v1 import api

urlpatterns = [
    path("", documentation, name="api-documentation"),
    path("v1/", RedirectView.as_view(pattern_name="api-documentation")),
    path("v1/openapi.json", openapi, name="api-openapi"),
    path("v1/", api.urls),
    path("<path:path>", no_such_address),
]
