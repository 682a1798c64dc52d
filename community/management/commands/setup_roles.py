from typing import Any

from django.core.management.base import BaseCommand

from community.roles import RIGHTS, set_up_roles


class Command(BaseCommand):
    help = "Creates the curators' groups with their rights, or brings them back to what docs/roles.md says."

    def handle(self, *args: Any, **options: Any) -> None:
        set_up_roles()
        for name, rights in RIGHTS.items():
            self.stdout.write(f"{name}: {len(rights)}")
