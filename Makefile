# Everything happens in .venv and build/; `make clean` takes both away. All paths are relative, so the folder's own
# name may contain spaces. Kept to what GNU make 3.81 understands, the one that macOS ships.

PYTHON ?= python3
JOBS ?= 2

PY = .venv/bin/python
PIP = $(PY) -m pip install -q --disable-pip-version-check
FIRST = notebooks/01_data_loading_and_caching.ipynb
START := $(shell date +%s)

.DEFAULT_GOAL := help
.PHONY: help lab test run notebooks students site bench clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s%s\n", $$1, $$2 }'

lab: .venv/lab.stamp ## set up, and open JupyterLab on notebook 01 (LAB_ARGS="--no-browser" and the like)
	$(PY) -m jupyterlab --ServerApp.root_dir=. $(if $(filter 0,$(shell id -u)),--allow-root) $(FIRST) $(LAB_ARGS)

test: .venv/test.stamp ## set up, and run all tests and compare every notebook with its stored outputs
	@status=0; \
	$(PY) -m pytest tests notebooks -n $(JOBS) --dist loadfile --nbval --nbval-current-env --nbval-cell-timeout 600 \
	    --nbval-sanitize-with tests/nbval_sanitize.cfg $(TEST_ARGS) || status=$$?; \
	echo "make test took $$(( $$(date +%s) - $(START) )) s in all, setting up included."; exit $$status

run: .venv/lab.stamp ## execute the series into build/run (DATASET=kleb-ai ANTIBIOTIC=Meropenem PARAMS="EPOCHS=5")
	$(PY) -m maldinb.series run $(if $(DATASET),-p "DATASET=$$DATASET") $(if $(ANTIBIOTIC),-p "ANTIBIOTIC=$$ANTIBIOTIC") \
	    $(foreach pair,$(PARAMS),-p "$(pair)") $(ONLY)

notebooks: .venv/lab.stamp ## execute the edited notebooks/*.py and write their .ipynb (ONLY=01_... for some of them)
	$(PY) -m maldinb.series refresh $(ONLY)

students: .venv/lab.stamp ## write copies without solutions and outputs to build/students (ONLY=01_... for some of them)
	$(PY) -m maldinb.exercises.students $(ONLY)

site: .venv/site.stamp ## build the pages of the course, the glossary and the package into build/site
	$(PY) -m sphinx -q -n -W --keep-going -b html -c docs -d build/doctrees . build/site
	@echo "The first page is build/site/index.html"

bench: .venv/bench.stamp ## time and memory against peer packages
	$(PY) -m benchmarks $(BENCH_ARGS)

clean: ## remove .venv, build/ and caches of tools; downloaded data stay
	rm -rf .venv build dist .ruff_cache .pytest_cache .hypothesis .coverage
	find maldinb tests notebooks benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +

# --- setting up -------------------------------------------------------------------------------------------------------

.venv/lab.stamp .venv/site.stamp .venv/test.stamp .venv/bench.stamp: .venv/%.stamp: .venv/torch.stamp pyproject.toml constraints.txt
	@echo "Installing maldinb and what it needs for '$*' into .venv (silent for a minute or two) ..."
	$(PIP) -c constraints.txt -e ".[$*]"
	@touch $@

# PyTorch first and by itself. On Linux the package index hands everybody the build for NVIDIA cards, with several GB of
# CUDA libraries. A machine without such a card does not need them, so it also looks at PyTorch's own index of CPU
# builds (its "2.13.0+cpu" wins over "2.13.0"). Where that index does not answer within 3 s, pip's own configuration
# decides, as it does on macOS and on machines with a card. --no-deps keeps this step from pulling anything else.
#   TORCH_INDEX=           never look at another index
#   TORCH_INDEX=https://.. look there, on whatever machine
.venv/torch.stamp: constraints.txt | .venv/bin/python
	@index="$(TORCH_INDEX)"; \
	if [ "$(origin TORCH_INDEX)" = undefined ] && [ "$$(uname -sm)" = "Linux x86_64" ] && ! command -v nvidia-smi >/dev/null; \
	then \
	    index=https://download.pytorch.org/whl/cpu; \
	    $(PY) -c "import urllib.request as u; u.urlopen('$$index/torch/', timeout=3)" 2>/dev/null || \
	        { echo "PyTorch's index of CPU builds does not answer; asking pip's own sources."; index=; }; \
	fi; \
	echo "Installing PyTorch (200 MB for a CPU build) ..."; \
	$(PIP) --no-deps "$$(grep '^torch==' constraints.txt)" $${index:+--extra-index-url "$$index"}
	@touch $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; \
	    sys.exit(v < (3, 11) and "maldinb needs Python 3.11 or newer, and $(PYTHON) is %d.%d; try: make PYTHON=python3.12 lab" % v[:2])'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	    { echo "$(PYTHON) comes without venv; on Debian and Ubuntu: sudo apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
