from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CommunityConfig(AppConfig):
    name = "community"
    verbose_name = _("콘텐츠")

    def ready(self) -> None:
        # `community.admin` is imported for its site before the models are ready: Django finds it too early.
        import_module("community.admin.registered")
        post_migrate.connect(import_module("community.roles").set_up_roles, sender=self)
