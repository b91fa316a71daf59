# Everything happens in .venv and build/; `make clean` takes both away. All paths are relative, so the folder's own
# name may contain spaces. Kept to what GNU make 3.81 understands, the one that macOS ships.

PYTHON ?= python3
JOBS ?= 2

PY = .venv/bin/python
# Python compiles a module when it is first imported, and keeps that. To compile all that is installed takes half a minute.
PIP = $(PY) -m pip install -q --no-compile --disable-pip-version-check --retries 1 --timeout 30
unexport PYTHONDONTWRITEBYTECODE
# Files go to the next free worker in the order that tests/longest_first.py makes.
PYTEST = -m pytest notebooks tests -n $(JOBS) --dist loadfile --no-loadscope-reorder \
    --nbval --nbval-current-env --nbval-cell-timeout 600 --nbval-sanitize-with tests/nbval_sanitize.cfg
START := $(shell date +%s)

.DEFAULT_GOAL := help
.PHONY: help lab edit test test-oldest test-newest run notebooks study causes students site bench lock dist host clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-20s%s\n", $$1, $$2 }'

lab: .venv/lab.stamp ## set up, and open your copies of the notebooks in JupyterLab (LAB_ARGS="--no-browser" and the like)
	$(PY) -m maldinb.course lab $(LAB_ARGS)

edit: .venv/lab.stamp ## open the course's own notebooks, which are under version control, in JupyterLab
	$(PY) -m maldinb.course edit $(LAB_ARGS)

test: .venv/test.stamp ## set up, and run all tests and compare every notebook with its stored outputs
	@status=0; \
	$(PY) $(PYTEST) $(TEST_ARGS) || status=$$?; \
	echo "make test took $$(( $$(date +%s) - $(START) )) s in all, setting up included."; exit $$status

# Both ends of what pyproject.toml allows, each in an environment of its own. Warnings of other versions about one another
# are not ours. Where an old PyTorch cannot be had as a build for CPUs, a newer one may stand in: OLDEST_TORCH=2.13.0
OLDEST_TORCH ?= $(shell sed -n 's/^ *"torch>=\([0-9.]*\).*/\1/p' pyproject.toml)
CPU_BUILDS = https://download.pytorch.org/whl/cpu
OTHER = .other/bin/python
TORCH = $(OTHER) -m pip install -q --disable-pip-version-check --no-deps --extra-index-url $(CPU_BUILDS)

test-oldest: ## run all tests with the oldest versions that pyproject.toml allows, in .other
	$(CHECK_PYTHON)
	$(PYTHON) -m venv --clear .other
	$(OTHER) -m pip install -q --disable-pip-version-check uv
	$(TORCH) "torch==$(OLDEST_TORCH)"
	echo "torch==$(OLDEST_TORCH)" >.other/torch.txt
	.other/bin/uv pip compile -q --resolution lowest-direct --override .other/torch.txt --extra test pyproject.toml \
	    -o .other/all.txt
	grep -Ev '^(torch|triton|nvidia-.*)==' .other/all.txt >.other/versions.txt
	.other/bin/uv pip install -q --python .other --no-deps -r .other/versions.txt -e .
	$(OTHER) $(PYTEST) -o filterwarnings=default $(TEST_ARGS)

test-newest: ## run all tests with the newest versions that pyproject.toml allows, in .other
	$(CHECK_PYTHON)
	$(PYTHON) -m venv --clear .other
	$(TORCH) torch
	$(OTHER) -m pip install -q --disable-pip-version-check -e ".[test]"
	$(OTHER) $(PYTEST) $(TEST_ARGS)

# Parameters that may stand before `make run`, or after it, and not only in PARAMS.
NAMES = DATASET ANTIBIOTIC FOLDER BATCH ISOLATE SPECIES LABELS INTERMEDIATE ON_ERROR BIN_WIDTH ALIGN

run: .venv/lab.stamp ## execute the series into build/run (DATASET=kleb-ai ANTIBIOTIC=Meropenem PARAMS="EPOCHS=5")
	$(PY) -m maldinb.course run $(ONLY) $(foreach name,$(NAMES),$(if $($(name)),-p "$(name)=$$$(name)")) \
	    $(foreach pair,$(PARAMS),-p "$(pair)")

notebooks: .venv/lab.stamp ## execute the edited notebooks/*.py and write their .ipynb (ONLY=01_... for some of them)
	$(PY) -m maldinb.course refresh $(ONLY)

study: .venv/lab.stamp ## renew the stored study of notebook 04: 1111 fits, and it can be stopped and go on
	$(PY) -m maldinb.ablation $(STUDY_ARGS)

causes: .venv/lab.stamp ## renew the stored causes, cures and isolates of notebook 06; it can be stopped and go on
	$(PY) -m maldinb.transfer $(CAUSES_ARGS)

students: .venv/lab.stamp ## write what students get, without solutions, to students/ and students.zip (ONLY=01_...)
	$(PY) -m maldinb.course students $(ONLY)

site: .venv/site.stamp ## build the pages of the course, the glossary and the package into build/site
	$(PY) -m sphinx -q -n -W --keep-going -b html -c docs -d build/doctrees . build/site
	@echo "The first page is build/site/index.html"

bench: .venv/bench.stamp ## time and memory against peer packages
	$(PY) -m benchmarks $(BENCH_ARGS)

# Beside pyproject.toml the lock holds what builds maldinb. Another place to find PyTorch's CPU builds: UV_FIND_LINKS.
LOCK = binder/requirements.txt

lock: ## renew binder/requirements.txt, every version with its hashes, from pyproject.toml and constraints.txt
	$(CHECK_PYTHON)
	$(PYTHON) -m venv --clear .other
	$(OTHER) -m pip install -q --disable-pip-version-check uv
	printf '%s\n' hatchling editables >.other/builds.txt
	sed -n 's/^torch==.*/&+cpu/p' constraints.txt >.other/torch.txt
	.other/bin/uv pip compile -q --generate-hashes --no-annotate --no-header --no-strip-extras --extra lab \
	    -c constraints.txt -c .other/torch.txt --python-version 3.11 --python-platform x86_64-manylinux_2_28 \
	    --index-strategy unsafe-best-match \
	    $(if $(UV_FIND_LINKS),,--extra-index-url $(CPU_BUILDS)) pyproject.toml .other/builds.txt -o .other/lock.txt
	{ echo "# Made by \`make lock\`: constraints.txt and all that it brings, for Linux on x86-64 and Python 3.11."; \
	    echo "--extra-index-url $(CPU_BUILDS)"; cat .other/lock.txt; } >$(LOCK)

dist: ## build the sdist, from it the wheel, and check both, into dist/
	$(CHECK_PYTHON)
	rm -rf dist
	$(PYTHON) -m venv --clear .other
	$(OTHER) -m pip install -q --disable-pip-version-check build twine
	$(OTHER) -m build
	$(OTHER) -m twine check --strict dist/*

host: ## say where your copy of the repository is hosted (REPOSITORY=owner/name): every link to it follows
	$(CHECK_PYTHON)
	@$(PYTHON) .ci/host.py "$(REPOSITORY)"

clean: ## remove .venv, build/ and caches of tools; your copies and downloaded data stay
	rm -rf .venv .other build dist .ruff_cache .pytest_cache .hypothesis .coverage
	find maldinb tests notebooks benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +

# --- setting up -------------------------------------------------------------------------------------------------------

define CHECK_PYTHON
@command -v $(PYTHON) >/dev/null || \
    { echo "There is no program called $(PYTHON). Name a Python of 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
@$(PYTHON) -c 'import sys; v = sys.version_info; \
    sys.exit(v < (3, 11) and "maldinb needs Python 3.11 or newer, and $(PYTHON) is %d.%d; try: make PYTHON=python3.12 $(MAKECMDGOALS)" % v[:2])'
@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
    { echo "$(PYTHON) comes without venv; on Debian and Ubuntu: sudo apt-get install python3-venv"; exit 1; }
endef

# What to do where pip cannot install, which is nearly always for want of a network.
OFFLINE = { echo "pip could not install what is needed (its reason stands above). With a network it should. Without one:"; \
    echo "docs/teaching.md, 'Without a network', says how to install from a folder that was filled elsewhere."; exit 1; }

.venv/lab.stamp .venv/site.stamp .venv/test.stamp .venv/bench.stamp: .venv/%.stamp: .venv/torch.stamp pyproject.toml constraints.txt
	@echo "Installing maldinb and what it needs for '$*' into .venv (silent for a minute or two) ..."
	@$(PIP) -c constraints.txt -e ".[$*]" || $(OFFLINE)
	@touch $@

# PyTorch first and by itself. On Linux the package index hands everybody the build for NVIDIA cards, with several GB of
# CUDA libraries. A machine without such a card does not need them, so it also looks at PyTorch's own index of CPU
# builds (its "2.13.0+cpu" wins over "2.13.0"). Where that index does not answer within 3 s, pip's own configuration
# decides, as it does on macOS and on machines with a card. --no-deps keeps this step from pulling anything else.
#   TORCH_INDEX=           never look at another index
#   TORCH_INDEX=https://.. look there, on whatever machine
.venv/torch.stamp: constraints.txt | .venv/bin/python
	@index="$(TORCH_INDEX)"; build="PyTorch (200 MB)"; \
	if [ "$$(uname -sm)" = "Linux x86_64" ]; then \
	    if [ "$(origin TORCH_INDEX)" = undefined ] && ! command -v nvidia-smi >/dev/null; then \
	        index=https://download.pytorch.org/whl/cpu; \
	        $(PY) -c "import urllib.request as u; u.urlopen('$$index/torch/', timeout=3)" 2>/dev/null || \
	            { echo "PyTorch's index of CPU builds does not answer; asking pip's own sources."; index=; }; \
	    fi; \
	    [ -n "$$index" ] || build="PyTorch from pip's own sources. If these have no CPU build, it is the one for NVIDIA cards, 5 GB in all: \
	Ctrl-C stops it, and TORCH_INDEX=... names an index of CPU builds"; \
	fi; \
	echo "Installing $$build ..."; \
	$(PIP) --no-deps "$$(grep '^torch==' constraints.txt)" $${index:+--extra-index-url "$$index"} || $(OFFLINE)
	@touch $@

.venv/bin/python:
	$(CHECK_PYTHON)
	$(PYTHON) -m venv .venv
