// SPDX-License-Identifier: MIT
// rmtlab analyze
#include <nlohmann/json.hpp>

#include "tests/catch.hpp"
#include "tests/shared_data.hpp"
#include "tests/sim/commands/program.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;
using nlohmann::json;
using tests::rmtlab_program;

TEST_CASE("analyze: real pretrained weights, every field", "[commands]") {
  const auto file = tests::shared_file("data/pretrained/onet_dense5.npy");
  if (!file) return;
  const auto run = rmtlab_program("analyze " + file->string() + " --json");
  REQUIRE(run.code == 0);
  const auto document = json::parse(run.out);
  CHECK(document.at("format_version") == 1);
  REQUIRE(document.at("matrices").size() == 1);
  const auto& m = document.at("matrices")[0];
  for (const char* key :
       {"file", "name", "rows", "cols", "transposed", "aspect_ratio", "lambda_max", "lambda_min",
        "stable_rank", "mp_soft_rank", "matrix_entropy", "hard_rank", "frobenius_norm",
        "spectral_norm", "phase", "evidence", "marchenko_pastur", "power_law"})
    CHECK(m.contains(key));
  CHECK(m.at("rows") == 1152);
  CHECK(m.at("cols") == 256);
  CHECK(m.at("transposed") == true);
  // Independent of how eigenvalues were found: sum of squares = N * trace, nu = sqrt(N lambda).
  CHECK_THAT(m.at("spectral_norm").get<double>(),
             WithinRel(std::sqrt(1152 * m.at("lambda_max").get<double>()), 1e-12));
  CHECK_THAT(
      m.at("stable_rank").get<double>(),
      WithinRel(
          std::pow(m.at("frobenius_norm").get<double>() / m.at("spectral_norm").get<double>(), 2),
          1e-12));
  CHECK(m.at("phase") == "heavy-tailed");
}

TEST_CASE("analyze: an impossible fit is null with its reason, small tensors are skipped",
          "[commands]") {
  const tests::TemporaryFolder folder;
  std::string zeros, small;
  for (int i = 0; i < 30; ++i) {
    for (int j = 0; j < 25; ++j) zeros += "0 ";
    zeros += '\n';
  }
  for (int i = 0; i < 30; ++i) small += "1 2 3\n";
  const auto run = rmtlab_program("analyze --json " + folder.write("zeros.txt", zeros) + ' ' +
                                  folder.write("small.txt", small));
  CHECK(run.code == 0);
  const auto document = json::parse(run.out);
  REQUIRE(document.at("matrices").size() == 1);
  const auto& m = document.at("matrices")[0];
  CHECK(m.at("marchenko_pastur").is_null());
  CHECK(m.at("marchenko_pastur_reason").get<std::string>().size() > 10);
  CHECK(m.at("power_law").is_null());
  CHECK(m.at("phase") == "rank-collapse");
  REQUIRE(document.at("skipped").size() == 1);
  CHECK_THAT(document.at("skipped")[0].at("reason").get<std::string>(),
             ContainsSubstring("too small: 30 x 3"));
}

TEST_CASE("analyze: an unreadable file does not hide the others, exit code 2",
          "[commands][errors]") {
  const tests::TemporaryFolder folder;
  std::string matrix;
  for (int i = 0; i < 40; ++i) {
    for (int j = 0; j < 30; ++j) matrix += std::to_string((i * 37 + j * 11) % 17 - 8) + ' ';
    matrix += '\n';
  }
  const auto run =
      rmtlab_program("analyze --json /nonexistent.npy " + folder.write("w.txt", matrix));
  CHECK(run.code == 2);
  CHECK_THAT(run.err, ContainsSubstring("/nonexistent.npy"));
  const auto document = json::parse(run.out);
  CHECK(document.at("matrices").size() == 1);
  CHECK(document.at("unreadable").size() == 1);
  const auto csv = rmtlab_program("analyze --csv " + folder.path().string() + "/w.txt");
  CHECK(csv.code == 0);
  CHECK_THAT(csv.out, ContainsSubstring(",phase,") && ContainsSubstring(",alpha,"));
  const auto bad = rmtlab_program("analyze --layers '[' " + folder.path().string() + "/w.txt");
  CHECK(bad.code == 2);
  CHECK_THAT(bad.err, ContainsSubstring("is not a regular expression"));
}
