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

TEST_CASE("fit marchenko-pastur: the document of spikes of known strength", "[commands]") {
  const tests::TemporaryFolder folder;
  const std::string file = folder.file("spectrum.npy");
  REQUIRE(rmtlab_program("sample additive-spikes --set strengths=1.5,2.5 --spectrum --rows 400 "
                         "--cols 100 --seed 3 -o " +
                         file)
              .code == 0);
  const std::string fit = "fit marchenko-pastur " + file + " --rows 400 --cols 100 --json ";
  const auto run = rmtlab_program(fit);
  REQUIRE(run.code == 0);
  const auto j = json::parse(run.out);
  // (2/NM)^(1/2) = 0.007: a deviation of five.
  CHECK_THAT(j.at("sigma2").get<double>(), WithinAbs(1, 0.035));
  CHECK(j.at("sigma2_ci")[0] < j.at("sigma2"));
  CHECK(j.at("sigma2") < j.at("sigma2_ci")[1]);
  REQUIRE(j.at("outliers").size() == 2);
  CHECK(j.at("spike_kind") == "additive");
  for (const auto& o : j.at("outliers")) {
    CHECK(o.at("lambda").is_number());
    CHECK(o.at("z").is_number());
    CHECK(o.at("p_value").is_number());
    CHECK(o.at("strength_ci")[0] < o.at("strength"));
    CHECK(o.at("strength") < o.at("strength_ci")[1]);
    CHECK(o.at("cannot_tell") == false);
  }
  CHECK(j.at("outliers")[0].at("strength") > j.at("outliers")[1].at("strength"));
  CHECK(j.at("spikes_ci")[0] == 2);
  CHECK(j.at("p_value").is_number());
  for (const char* test : {"ks", "cramer_von_mises", "chebyshev", "gap_ratio", "number_variance"}) {
    CAPTURE(test);
    CHECK(j.at("tests").at(test).at("statistic").is_number());
    const double p = j.at("tests").at(test).at("p_value").get<double>();
    CHECK(p > 0);
    CHECK(p <= 1);
  }
  CHECK(j.at("p_value") == j.at("tests").at("ks").at("p_value"));
  CHECK(j.at("effective_rows") == 400);
  CHECK(j.at("lower_outliers").is_array());

  // Population eigenvalues instead: l = 1 + S^2, and a wider interval.
  const auto covariance = json::parse(rmtlab_program(fit + "--spike covariance").out);
  const double s = j.at("outliers")[0].at("strength").get<double>();
  CHECK(covariance.at("spike_kind") == "covariance");
  CHECK_THAT(covariance.at("outliers")[0].at("strength").get<double>(),
             WithinRel(1 + s * s, 1e-12));
  const auto narrow = json::parse(rmtlab_program(fit + "--coverage 0.5").out);
  CHECK(narrow.at("sigma2_ci")[0] > j.at("sigma2_ci")[0]);
  const auto text = rmtlab_program("fit marchenko-pastur " + file + " --rows 400 --cols 100");
  CHECK_THAT(text.out, ContainsSubstring("sigma2") && ContainsSubstring("outliers      2") &&
                           ContainsSubstring("is the bulk noise?") &&
                           ContainsSubstring("chebyshev"));
}

TEST_CASE("fit marchenko-pastur: --effective-q fits the number of rows", "[commands]") {
  const tests::TemporaryFolder folder;
  const std::string file = folder.file("spectrum.npy");
  REQUIRE(rmtlab_program("sample repeated-rows --set copies=2 --set correlation=1 --spectrum "
                         "--rows 600 --cols 100 --seed 4 -o " +
                         file)
              .code == 0);
  const std::string fit = "fit marchenko-pastur " + file + " --rows 600 --cols 100 ";
  const auto shape = json::parse(rmtlab_program(fit + "--json").out);
  const auto effective = json::parse(rmtlab_program(fit + "--effective-q --json").out);
  CHECK(shape.at("effective_rows") == 600);
  CHECK(shape.at("p_value").get<double>() < 0.01);
  // n' scatters by 2 n / M: 6, five deviations.
  CHECK_THAT(effective.at("effective_rows").get<double>(), WithinAbs(300, 30));
  CHECK(effective.at("p_value").get<double>() > 0.001);
  CHECK_THAT(rmtlab_program(fit + "--effective-q").out, ContainsSubstring("effective N"));
}

TEST_CASE("fit marchenko-pastur: what is outside its domain is named, exit code 2",
          "[commands][errors]") {
  const tests::TemporaryFolder folder;
  std::string spectrum;
  for (int i = 0; i < 25; ++i) spectrum += std::to_string(0.3 + 0.06 * i) + "\n";
  const auto file = folder.write("x.txt", spectrum);
  const auto expect = [&](const std::string& options, const std::string& message) {
    const auto fit = rmtlab_program("fit marchenko-pastur " + file + " " + options);
    CAPTURE(options);
    CHECK(fit.code == 2);
    CHECK(fit.out.empty());
    CHECK_THAT(fit.err, ContainsSubstring(message));
  };
  expect("--rows 100 --cols 25 --level 2", "familywise_level = 2 (must be in (0, 1))");
  expect("--rows 100 --cols 25 --level 0", "familywise_level = 0 (must be in (0, 1))");
  expect("--rows 100 --cols 25 --coverage 95", "coverage = 95 (must be in (0, 1))");
  expect("--rows 100 --cols 25 --entry-kurtosis -3",
         "excess_kurtosis = -3 (must be finite and >= -2)");
  expect("--rows 100 --cols 25 --spike both", "covariance");
  expect("--rows 20 --cols 25", "--rows 20 is less than --cols 25");
  expect("--rows 100", "--cols");
  const auto few = folder.write("few.txt", "1\n2\n3\n");
  const auto fit = rmtlab_program("fit marchenko-pastur " + few + " --rows 9 --cols 3");
  CHECK(fit.code == 2);
  CHECK_THAT(fit.err, ContainsSubstring("few.txt: no fit: M = 3 eigenvalues"));
  const auto negative = folder.write("negative.txt", "1\n-2\n3\n");
  CHECK(rmtlab_program("fit marchenko-pastur " + negative + " --rows 9 --cols 3").code == 2);
  const auto counts = folder.write("counts.txt", "1,2\n3,4\n");
  CHECK_THAT(rmtlab_program("fit marchenko-pastur " + counts + " --rows 9 --cols 2").err,
             ContainsSubstring("two columns; eigenvalues are one column"));
}

TEST_CASE("fit marchenko-pastur: the picture", "[commands]") {
  const tests::TemporaryFolder folder;
  const std::string file = folder.file("spectrum.npy");
  REQUIRE(rmtlab_program("sample additive-spikes --set strengths=2 --spectrum --rows 120 --cols 60 "
                         "--seed 5 -o " +
                         file)
              .code == 0);
  const auto fit = rmtlab_program("fit marchenko-pastur " + file + " --rows 120 --cols 60 --plot " +
                                  folder.file("fit.png"));
  CHECK(fit.code == 0);
  CHECK(std::filesystem::file_size(folder.path() / "fit.png") > 10000);
  CHECK(std::filesystem::file_size(folder.path() / "fit.pdf") > 5000);
  CHECK(std::filesystem::file_size(folder.path() / "fit.csv") > 1000);
}
