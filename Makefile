.DEFAULT_GOAL := help
.PHONY: help run test fmt bench accuracy lock

help: ## show this list
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/'
run: ## serve the site on http://127.0.0.1:8000/ (PORT=8001 for another port)
	@python3 tools/dev.py run
test: ## every check: style, types, migrations, claims, SQLite, PostgreSQL, Chromium
	@python3 tools/dev.py test
fmt: ## mend and format the Python code
	@python3 tools/dev.py fmt
bench: ## CPU time of the pages against a bare Django view
	@python3 tools/dev.py bench
accuracy: ## predicted against measured, for every record of the sizing engine
	@python3 tools/dev.py accuracy
lock: ## write requirements*.txt anew from requirements*.in (needs uv)
	@python3 tools/dev.py lock
