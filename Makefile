# SPDX-License-Identifier: MIT
# Thin: installs what is missing, then lets CMake work. `make help` lists the targets.
BUILD   ?= build
PROFILE ?= quick
JOBS    ?= $(shell nproc)
# Not root: ask for the password once, for apt only.
SUDO    := $(shell [ "$$(id -u)" -eq 0 ] || echo sudo)
PACKAGES := $(shell cat .ci/packages.txt)

.PHONY: help demo test figures bench docs clean packages configure sanitize lint format

help:
	@echo "make demo      install packages if needed, build, run configs/demo.yaml, draw figure 26"
	@echo "make test      the same, then build and run the test suite"
	@echo "make figures   all figures, simulating what is missing (paper/figures/); PROFILE=paper: full size, hours"
	@echo "make bench     speed against named peers"
	@echo "make docs      the reference manual in build/docs/html, formulas typeset"
	@echo "make sanitize  the fast tests under AddressSanitizer and UBSan"
	@echo "make lint      clang-format and clang-tidy; make format rewrites"
	@echo "make clean     remove the build; results stay"

# Only what dpkg does not know is installed, and what is installed is said.
packages:
	@missing=""; for p in $(PACKAGES) $(EXTRA); do \
	  dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; \
	done; \
	if [ -n "$$missing" ]; then \
	  echo "installing:$$missing"; \
	  $(SUDO) apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi

configure: packages
	@cmake -S . -B $(BUILD) -G Ninja -DCMAKE_BUILD_TYPE=Release > $(BUILD).log 2>&1 || { cat $(BUILD).log; rm -f $(BUILD).log; exit 1; }
	@rm -f $(BUILD).log

demo: configure
	cmake --build $(BUILD) --target rmtlab fig26_batch_size_esd -j $(JOBS)
	$(BUILD)/rmtlab run configs/demo.yaml --output results/demo --resume
	@echo; echo "The picture of it:"
	@$(BUILD)/bin/fig26_batch_size_esd results/demo results/demo/fig26_batch_size_esd

test: configure
	cmake --build $(BUILD) -j $(JOBS)
	cd $(BUILD) && ctest --output-on-failure -j $(JOBS)

figures: configure
	@cmake -S . -B $(BUILD) -DRMTLAB_PROFILE=$(PROFILE) > /dev/null
	cmake --build $(BUILD) --target figures -j $(JOBS)
	@ls paper/figures/*.pdf

bench: EXTRA = libbenchmark-dev
bench: packages
	cmake -S . -B $(BUILD) -G Ninja -DCMAKE_BUILD_TYPE=Release -DRMTLAB_BENCH=ON > /dev/null
	cmake --build $(BUILD) --target rmtlab_bench -j $(JOBS)
	OPENBLAS_NUM_THREADS=1 $(BUILD)/bin/rmtlab_bench $(BENCH_FLAGS)

docs: EXTRA = $(shell cat .ci/packages-docs.txt)
docs: configure
	cmake --build $(BUILD) --target docs

sanitize: packages
	cmake -S . -B $(BUILD)-asan -G Ninja -DCMAKE_BUILD_TYPE=Debug -DRMTLAB_SANITIZE=ON > /dev/null
	cmake --build $(BUILD)-asan -j $(JOBS)
	cd $(BUILD)-asan && ctest --output-on-failure -LE slow -j $(JOBS)

SOURCES = $(shell git ls-files '*.cpp' '*.hpp')
lint: configure
	clang-format --dry-run --Werror $(SOURCES)
	clang-tidy -p $(BUILD) --quiet $(filter %.cpp,$(filter-out tests/%,$(SOURCES)))

format:
	clang-format -i $(SOURCES)

clean:
	rm -rf $(BUILD) $(BUILD)-asan
