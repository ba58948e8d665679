# SPDX-License-Identifier: MIT
# Thin: installs what is missing, then lets CMake work. `make help` lists the targets.
BUILD   ?= build
PROFILE ?= quick
JOBS    ?= $(shell nproc)
# Not root: ask for the password once, for apt only.
SUDO    := $(shell [ "$$(id -u)" -eq 0 ] || echo sudo)
PACKAGES := $(shell cat .ci/packages.txt)

.PHONY: help demo test figures atlas classifiers bench data-mnist data-cifar10 docs clean packages configure sanitize lint format

help:
	@echo "make demo      install packages if needed, build, run configs/demo.yaml, draw figure 26"
	@echo "make test      the same, then build and run the test suite"
	@echo "make figures   all figures, simulating what is missing (paper/figures/); PROFILE=maps: five seeds; paper: full size, hours"
	@echo "make atlas     simulate the null distributions anew (half an hour) and put them into the source"
	@echo "make classifiers  draw matrices of known phase and mechanism (a quarter of an hour) and train on them"
	@echo "make bench     speed against named peers"
	@echo "make data-mnist, data-cifar10   fetch the images and check them (results/data)"
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

# The table of null distributions that the program carries; it changes only with what is tabulated.
atlas: configure
	cmake --build $(BUILD) --target rmtlab -j $(JOBS)
	for run in null_atlas null_atlas_entries; do \
	  $(BUILD)/rmtlab run configs/$$run.yaml --output results/$$run --resume || exit 1; \
	done
	cmake "-DRUNS=results/null_atlas;results/null_atlas_entries" \
	  -DOUTPUT=sim/inference/null_atlas.csv -P cmake/Atlas.cmake

# The weights that name phases and mechanisms; a change of them is a new classifier with another hash.
classifiers: configure
	cmake --build $(BUILD) --target rmtlab -j $(JOBS)
	for run in phase_training mechanism_training; do \
	  $(BUILD)/rmtlab run configs/$$run.yaml --output results/$$run --resume || exit 1; \
	done
	$(BUILD)/rmtlab fit phase-classifier results/phase_training -o sim/inference/phase_classifier.csv
	$(BUILD)/rmtlab fit mechanism-classifier results/mechanism_training -o sim/inference/tail_mechanism.csv

bench: EXTRA = libbenchmark-dev
bench: packages
	cmake -S . -B $(BUILD) -G Ninja -DCMAKE_BUILD_TYPE=Release -DRMTLAB_BENCH=ON > /dev/null
	cmake --build $(BUILD) --target rmtlab_bench -j $(JOBS)
	OPENBLAS_NUM_THREADS=1 $(BUILD)/bin/rmtlab_bench $(BENCH_FLAGS)

# Images that configurations name on the command line. $(call fetch,URL,file,SHA-256) leaves what is there
# and right; a file whose sum is wrong never gets its name.
DATA  := results/data
MNIST := https://storage.googleapis.com/cvdf-datasets/mnist
CIFAR := https://www.cs.toronto.edu/~kriz
define fetch
	@mkdir -p $(DATA); cd $(DATA); \
	sum_is_right() { echo "$(3)  $$1" | sha256sum --check --status 2>/dev/null; }; \
	if ! sum_is_right $(2); then \
	  echo "fetching $(1)/$(2)"; \
	  if ! { curl -fsSL --retry 2 -o $(2).part $(1)/$(2) || wget -q -O $(2).part $(1)/$(2); }; then \
	    rm -f $(2).part; \
	    echo "cannot fetch $(1)/$(2): no network? Put the file into $(DATA) by hand; its SHA-256 is $(3)"; \
	    exit 1; \
	  elif ! sum_is_right $(2).part; then \
	    rm -f $(2).part; \
	    echo "$(1)/$(2) is not the file that was expected (SHA-256 $(3)); nothing was kept"; \
	    exit 1; \
	  fi; \
	  mv $(2).part $(2); \
	fi
endef

data-mnist:
	$(call fetch,$(MNIST),t10k-images-idx3-ubyte.gz,8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6)
	$(call fetch,$(MNIST),t10k-labels-idx1-ubyte.gz,f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6)
	$(call fetch,$(MNIST),train-images-idx3-ubyte.gz,440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609)
	$(call fetch,$(MNIST),train-labels-idx1-ubyte.gz,3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c)
	@echo "rmtlab run configs/batch_size_mnist.yaml data.images=$(DATA)/t10k-images-idx3-ubyte.gz data.labels=$(DATA)/t10k-labels-idx1-ubyte.gz"

# The six files of the archive joined into one: 60000 images.
data-cifar10:
	$(call fetch,$(CIFAR),cifar-10-binary.tar.gz,c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd)
	@cd $(DATA) && tar -xzOf cifar-10-binary.tar.gz --wildcards '*.bin' > cifar10.part && mv cifar10.part cifar10.bin
	@echo "rmtlab run configs/mlp3.yaml data.kind=cifar10 data.images=$(DATA)/cifar10.bin data.train_samples=50000 data.test_samples=10000"

docs: EXTRA = $(shell cat .ci/packages-docs.txt)
docs: configure
	cmake --build $(BUILD) --target docs

# SANITIZED="core io": only the tests of these folders; empty: all.
SANITIZED ?=
empty :=
sanitize: packages
	cmake -S . -B $(BUILD)-asan -G Ninja -DCMAKE_BUILD_TYPE=Debug -DRMTLAB_SANITIZE=ON > /dev/null
	cmake --build $(BUILD)-asan -j $(JOBS) $(if $(SANITIZED),--target $(SANITIZED:%=%_test))
	cd $(BUILD)-asan && ctest --output-on-failure -LE slow -j $(JOBS) \
	  $(if $(SANITIZED),-R '^($(subst $(empty) $(empty),|,$(strip $(SANITIZED))))/')

SOURCES = $(shell git ls-files '*.cpp' '*.hpp')
# clang-tidy cannot read the precompiled headers of g++, so it gets its own list of commands.
lint: packages
	clang-format --dry-run --Werror $(SOURCES)
	@cmake -S . -B $(BUILD)-lint -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON > /dev/null
	clang-tidy -p $(BUILD)-lint --quiet $(filter %.cpp,$(filter-out tests/%,$(SOURCES)))

format:
	clang-format -i $(SOURCES)

clean:
	rm -rf $(BUILD) $(BUILD)-asan $(BUILD)-lint
