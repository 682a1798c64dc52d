"""The JSON API, read-only: /api/v1/ answers what the pages show, /api/ documents it."""
