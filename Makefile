PYTHON ?= python3

.PHONY: demo stop test lint perf
demo stop test lint perf:
	@$(PYTHON) -m tools $@ $(ARGS)
