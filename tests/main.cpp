// SPDX-License-Identifier: MIT
// Our own main works for Catch2 v2 and v3; Debian 12's Catch2WithMain is built without benchmarks.
#define CATCH_CONFIG_RUNNER
#include "tests/catch.hpp"

int main(int argc, char** argv) { return Catch::Session().run(argc, argv); }
