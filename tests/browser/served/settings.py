"""The site's own settings; only the folder of the collected static files is the test's own."""

import os
from pathlib import Path

from ainex.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["SERVED_FOLDER"]) / "static"
