// SPDX-License-Identifier: MIT
// rmtlab law, rmtlab fit
#include <filesystem>

#include <nlohmann/json.hpp>

#include "tests/catch.hpp"
#include "tests/shared_data.hpp"
#include "tests/sim/commands/program.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using nlohmann::json;
using tests::rmtlab_program;

TEST_CASE("law: values, one a line with 17 digits, negative numbers as arguments", "[commands]") {
  const auto law = rmtlab_program("law tracy-widom --set beta=1 --cdf -2 -.5 0 -inf");
  CHECK(law.code == 0);
  std::istringstream lines(law.out);
  double at_minus_2 = 0, at_half = 0, at_0 = 0, at_infinity = 1;
  lines >> at_minus_2 >> at_half >> at_0 >> at_infinity;
  // Bornemann 2010 and independent 25-digit values.
  CHECK_THAT(at_minus_2, WithinAbs(0.27432019790921785767, 1e-15));
  CHECK_THAT(at_0, WithinAbs(0.83190806620295192746, 1e-15));
  CHECK(at_infinity == 0);
}

TEST_CASE("law: the published spectrum at batch 250 is nine scales from noise", "[commands]") {
  const auto law =
      rmtlab_program("law wishart-edge --set N=4096 --set M=384 --set sigma2=1.4346 --z 2.556");
  double z = 0, p = 1;
  std::istringstream(law.out) >> z >> p;
  CHECK_THAT(z, WithinAbs(9.2, 0.1));
  CHECK(p < 1e-8);
}

TEST_CASE("law: what is missing or misspelt is named, exit code 2", "[commands][errors]") {
  CHECK(rmtlab_program("law").code == 0);
  CHECK_THAT(rmtlab_program("law tracy-widom --help").out, ContainsSubstring("beta"));
  const auto unknown = rmtlab_program("law tracy-widon --cdf 0");
  CHECK(unknown.code == 2);
  CHECK_THAT(unknown.err, ContainsSubstring("tracy-widom"));
  const auto parameter = rmtlab_program("law marchenko-pastur --set Q=-1 --cdf 0");
  CHECK(parameter.code == 2);
  CHECK_THAT(parameter.err, ContainsSubstring("Q = -1"));
  const auto number = rmtlab_program("law tracy-widom --cdf zero");
  CHECK(number.code == 2);
  CHECK_THAT(number.err, ContainsSubstring("'zero' is not a number"));
}

TEST_CASE("fit power-law: published values, from a file and from standard input", "[commands]") {
  const auto file = tests::shared_file("data/powerlaw/blackouts.hist.csv");
  if (!file) return;
  const auto fit = rmtlab_program("fit power-law " + file->string() + " --compare --json");
  REQUIRE(fit.code == 0);
  const auto j = json::parse(fit.out);
  CHECK_THAT(j.at("alpha").get<double>(), WithinRel(2.2726372198302883, 1e-12));
  CHECK(j.at("xmin") == 230000);
  CHECK(j.at("n_tail") == 59);
  // The published p is 0.62; 1000 replicates have a standard error of 0.015.
  CHECK_THAT(j.at("p_value").get<double>(), WithinAbs(0.62, 0.065));
  CHECK(j.at("alpha_ci")[0].get<double>() < j.at("alpha_median").get<double>());
  CHECK(j.at("warnings").is_array());
  for (const char* name :
       {"exponential", "lognormal", "stretched_exponential", "truncated_power_law"})
    CHECK(j.at("alternatives").contains(name));
  CHECK_THAT(j.at("alternatives").at("lognormal").at("p_value_vuong").get<double>(),
             WithinAbs(0.68, 0.005));
  const auto piped = tests::shell("cat " + file->string() + " | " + RMTLAB_PROGRAM +
                                  " fit power-law - --compare --json");
  CHECK(piped.out == fit.out);
}

TEST_CASE("fit power-law: the same numbers for any number of threads, and --fast has reasons",
          "[commands][repro]") {
  const tests::TemporaryFolder folder;
  const auto made = rmtlab_program("sample gaussian --rows 90 --cols 60 --spectrum -o -");
  const auto file = folder.write("x.txt", made.out);
  const std::string fit = "fit power-law " + file + " --bootstrap 100 --json ";
  const auto one = rmtlab_program(fit + "--threads 1"), two = rmtlab_program(fit + "--threads 2");
  CHECK(one.code == 0);
  CHECK(one.out == two.out);
  const auto fast = json::parse(rmtlab_program(fit + "--fast").out);
  CHECK(fast.at("p_value").is_null());
  CHECK_THAT(fast.at("p_value_reason").get<std::string>(), ContainsSubstring("--fast"));
  const auto shape = rmtlab_program("fit power-law " + file + " --calibrate covariance");
  CHECK(shape.code == 2);
  CHECK_THAT(shape.err, ContainsSubstring("--rows N --cols M"));
}

TEST_CASE("fit power-law: the picture", "[commands]") {
  const tests::TemporaryFolder folder;
  const auto file = folder.write("x.txt", "1\n1.2\n1.5\n2\n3\n5\n9\n20\n");
  const auto fit = rmtlab_program("fit power-law " + file + " --fast --compare --plot " +
                                  folder.file("tail.png"));
  CHECK(fit.code == 0);
  CHECK(std::filesystem::file_size(folder.path() / "tail.png") > 10000);
  CHECK(std::filesystem::exists(folder.path() / "tail.pdf"));
}

TEST_CASE("fit power-law: bad data are refused with file and line, exit code 2",
          "[commands][errors]") {
  const tests::TemporaryFolder folder;
  const auto expect = [&](const std::string& text, const std::string& message) {
    const auto fit = rmtlab_program("fit power-law " + folder.write("x.txt", text));
    CHECK(fit.code == 2);
    CHECK(fit.out.empty());
    CHECK_THAT(fit.err, ContainsSubstring(message));
  };
  expect("1\n2\n-3\n4\n", "x.txt:3:");
  expect("1\n2\n0\n", "x.txt:3:");
  expect("1\nnan\n", "x.txt:2:");
  expect("1\ntwo\n", "x.txt:2:");
  expect("", "x.txt");
  expect("5\n5\n5\n", "x.txt");
  CHECK(rmtlab_program("fit power-law /nonexistent").code == 2);
}

TEST_CASE("fit marchenko-pastur: noise with one planted outlier", "[commands]") {
  // Quantiles of the law itself (Q = 4, unit variance) and one eigenvalue at 4.
  const auto quantiles =
      tests::shell(std::string(RMTLAB_PROGRAM) +
                   " law marchenko-pastur --set Q=4 --quantile $(seq 0.005 0.01 0.995); echo 4");
  REQUIRE(quantiles.code == 0);
  const tests::TemporaryFolder folder;
  const auto file = folder.write("spectrum.txt", quantiles.out);
  const auto fit = rmtlab_program("fit marchenko-pastur " + file + " --rows 404 --cols 101 --json");
  REQUIRE(fit.code == 0);
  const auto j = json::parse(fit.out);
  CHECK_THAT(j.at("sigma2").get<double>(), WithinAbs(1, 0.03));
  REQUIRE(j.at("outliers").size() == 1);
  CHECK(j.at("outliers")[0].at("lambda") == 4);
  CHECK(j.at("edge_z").get<double>() > 10);
  CHECK(j.at("p_value").is_number());
  CHECK_THAT(j.at("lambda_plus").get<double>(),
             WithinRel(2.25 * j.at("sigma2").get<double>(), 1e-12));
  const auto wrong = rmtlab_program("fit marchenko-pastur " + file + " --rows 404 --cols 100");
  CHECK(wrong.code == 2);
  CHECK_THAT(wrong.err, ContainsSubstring("101"));
  CHECK(rmtlab_program("fit marchenko-pastur " + file + " --rows 50 --cols 101").code == 2);
}
