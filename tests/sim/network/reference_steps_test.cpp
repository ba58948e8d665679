// SPDX-License-Identifier: MIT
// Ten steps of every optimiser and regulariser against reference_steps.py: the same steps written out
// in plain Python, and by PyTorch where that is installed.
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <sys/wait.h>

#include "sim/network/optimizer.hpp"
#include "tests/catch.hpp"

namespace rmtlab::network {
namespace {

const std::vector<std::size_t> widths{12, 9, 7, 4};
constexpr int step_count = 10;

struct Case {
  std::string name;
  OptimizerConfig optimizer;
  Activation activation = Activation::relu;
  Loss loss = Loss::softmax_cross_entropy;
  double label_smoothing = 0;
};

OptimizerConfig base() { return {.learning_rate = 0.1, .momentum = 0.9, .weight_decay = 0.01}; }

template <class Change>
OptimizerConfig with(Change&& change) {
  OptimizerConfig config = base();
  change(config);
  return config;
}

std::vector<Case> cases() {
  using C = OptimizerConfig;
  const auto slow = with([](C& c) { c.learning_rate = 0.05; });
  const auto adam = with([](C& c) { c.method = Method::adam, c.learning_rate = 0.01; });
  return {
      {"sgd", base()},
      {"sgd_decoupled", with([](C& c) { c.decay = Decay::decoupled; })},
      {"nesterov", with([](C& c) { c.method = Method::nesterov, c.learning_rate = 0.05; })},
      {"adam", adam},
      {"adamw", with([](C& c) {
         c.method = Method::adam, c.decay = Decay::decoupled;
         c.learning_rate = 0.01, c.weight_decay = 0.1;
       })},
      {"smoothing_tanh", base(), Activation::tanh, Loss::softmax_cross_entropy, 0.1},
      {"mse", slow, Activation::relu, Loss::mse},
      {"softmax_mse", adam, Activation::tanh, Loss::softmax_mse},
      {"linear", slow, Activation::linear},
      {"penalties", with([](C& c) {
         c.l1 = 0.01, c.gradient_clip = 0.5, c.max_norm = 0.9, c.weight_decay = 0;
       })},
      {"spectral", with([](C& c) { c.spectral_penalty = 0.2, c.gradient_clip = 0.5; })},
  };
}

// The generator of reference_steps.py.
class Numbers {
public:
  std::uint64_t next() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return state_ >> 11U;
  }
  double uniform() { return 2 * (static_cast<double>(next()) * 0x1p-53) - 1; }
  Label label() { return static_cast<Label>((next() >> 20U) % widths.back()); }

private:
  std::uint64_t state_ = 20261126;
};

struct Steps {
  std::vector<double> start, end;
};

template <class Real>
Steps run(const Case& c, std::size_t batch) {
  Numbers numbers;
  DenseNetwork<Real> network(widths, c.activation, c.loss, c.label_smoothing);
  for (std::size_t l = 0; l < network.layers(); ++l) {
    for (Real& w : network.parameters().weights(l)) w = static_cast<Real>(0.7 * numbers.uniform());
    for (Real& b : network.parameters().biases(l)) b = static_cast<Real>(0.1 * numbers.uniform());
  }
  const auto start = network.parameters().flat();
  Optimizer<Real> optimizer(widths, c.optimizer);
  Workspace<Real> workspace(widths, batch);
  std::vector<Real> x(batch * widths.front());
  std::vector<Label> labels(batch);
  for (int step = 0; step < step_count; ++step) {
    for (Real& value : x) value = static_cast<Real>(numbers.uniform());
    for (Label& label : labels) label = numbers.label();
    optimizer.train_batch(network, x, labels, workspace);
  }
  const auto end = network.parameters().flat();
  return {{start.begin(), start.end()}, {end.begin(), end.end()}};
}

// "sgd 5" -> parameters; empty if the route is not available.
std::map<std::string, std::vector<double>> reference(const std::string& route) {
  const std::string command = "python3 '" RMTLAB_SOURCE_DIR
                              "/tests/sim/network/reference_steps.py' " +
                              route + " 2>/dev/null";
  std::FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string text;
  std::array<char, 65536> chunk;
  while (const std::size_t size = std::fread(chunk.data(), 1, chunk.size(), pipe))
    text.append(chunk.data(), size);
  const int status = pclose(pipe);
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (code == 3 || code == 127) return {};  // no such package; no python3
  REQUIRE(code == 0);
  std::map<std::string, std::vector<double>> result;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name, batch;
    words >> name >> batch;
    std::vector<double>& values = result[name + ' ' + batch];
    for (std::string word; words >> word;) values.push_back(std::strtod(word.c_str(), nullptr));
  }
  return result;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double worst = 0;
  for (std::size_t k = 0; k < a.size(); ++k) worst = std::max(worst, std::abs(a[k] - b[k]));
  return worst;
}

double largest(const std::vector<double>& a) {
  return largest_difference(a, std::vector<double>(a.size()));
}

TEST_CASE("reference steps: ten steps of every rule equal those of an independent program",
          "[network][reference]") {
  const auto route = GENERATE(std::string("python"), std::string("torch"));
  const auto expected = reference(route);
  if (expected.empty()) {
    WARN("skipped: python3 with " << route << " is not installed");
    return;
  }
  CHECK(expected.size() == 2 * cases().size());
  for (const Case& c : cases())
    for (const std::size_t batch : {5U, 20U}) {  // the fused loops, and BLAS
      CAPTURE(route, c.name, batch);
      const auto found = expected.find(c.name + ' ' + std::to_string(batch));
      REQUIRE(found != expected.end());
      const Steps twice = run<double>(c, batch);
      REQUIRE(found->second.size() == twice.end.size());
      const double scale = largest(twice.end);
      // Measured by both routes: at most 8e-16 in double and 1.2e-6 in float.
      CHECK(largest_difference(twice.end, found->second) <= 1e-10 * scale);
      CHECK(largest_difference(run<float>(c, batch).end, found->second) <= 1e-5 * scale);
      // Negative controls: the weights have moved by much more, and no other rule gives the same.
      CHECK(largest_difference(twice.start, found->second) > 1e-2 * scale);
      const std::vector<double> plain = run<double>(cases().front(), batch).end;
      if (c.name != "sgd") CHECK(largest_difference(plain, found->second) > 1e-4 * scale);
    }
}

}  // namespace
}  // namespace rmtlab::network
