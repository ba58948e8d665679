// SPDX-License-Identifier: MIT
// What regularisers do to a step, against central differences of the whole objective and against
// their formulas on random matrices (linear algebra by Armadillo).
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <armadillo>

#include "sim/core/random.hpp"
#include "sim/network/initialization.hpp"
#include "sim/network/optimizer.hpp"
#include "tests/catch.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace rmtlab::network {
namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

// W_l as n x m; the network stores it row by row, Armadillo by columns.
arma::mat matrix_of(const Parameters<double>& p, std::size_t l) {
  return arma::mat(p.weights(l).data(), p.outputs(l), p.inputs(l)).t();
}

enum class Regulariser { none, l2, l1, spectral_penalty, label_smoothing, dropout, all };

struct Kind {
  Activation activation;
  Loss loss;
  Regulariser regulariser;
  std::size_t batch;

  [[nodiscard]] bool has(Regulariser r) const {
    return regulariser == r || regulariser == Regulariser::all;
  }
  // The step is then minus the gradient of the objective.
  [[nodiscard]] OptimizerConfig optimizer() const {
    OptimizerConfig config{.learning_rate = 1, .momentum = 0, .weight_decay = 0};
    if (has(Regulariser::l2)) config.weight_decay = 0.3;
    if (has(Regulariser::l1)) config.l1 = 0.2;
    if (has(Regulariser::spectral_penalty)) config.spectral_penalty = 0.4;
    return config;
  }
};

// One network and batch: the same for all kinds with the same number of samples.
class Problem {
public:
  explicit Problem(const Kind& kind)
      : kind_(kind),
        config_(kind.optimizer()),
        network_(widths, kind.activation, kind.loss,
                 kind.has(Regulariser::label_smoothing) ? 0.2 : 0),
        workspace_(widths, kind.batch, kind.has(Regulariser::dropout) ? 0.4 : 0),
        x_(kind.batch * widths.front()),
        labels_(kind.batch) {
    const core::Stream root = core::Stream(71).child(kind.batch);
    initialize(network_, Initialization::glorot_normal, root.child("weights"), 0.1);
    core::Stream stream = root.child("data"), masks = root.child("masks");
    for (double& value : x_) value = stream.normal();
    for (Label& label : labels_) label = static_cast<Label>(stream.below(widths.back()));
    workspace_.draw_masks(kind.batch, masks);
    start_ = network_.parameters().flat();
  }

  [[nodiscard]] const std::vector<double>& start() const { return start_; }

  // Through the step itself, from the exact singular vectors.
  std::vector<double> gradient() {
    network_.parameters().assign(start_);
    Optimizer<double> optimizer(widths, config_);
    if (config_.spectral_penalty > 0) optimizer.spectral_vectors() = singular_vectors();
    optimizer.train_batch(network_, x_, labels_, workspace_);
    std::vector<double> result = network_.parameters().flat();
    for (std::size_t k = 0; k < result.size(); ++k) result[k] = start_[k] - result[k];
    return result;
  }

  // Central difference of fourth order in w_k; false in `smooth` if that crosses a kink of ReLU.
  double difference(std::size_t k, double h, bool& smooth) {
    std::vector<bool> active, first;
    double sum = 0;
    for (const auto& [shift, weight] :
         {std::pair{h, 8.0}, {-h, -8.0}, {2 * h, -1.0}, {-2 * h, 1.0}}) {
      sum += weight * objective(k, shift, active);
      if (first.empty()) first = active;
      smooth = smooth && (kind_.activation != Activation::relu || active == first);
    }
    return sum / (12 * h);
  }

  inline static const std::vector<std::size_t> widths{7, 6, 5, 4};

private:
  [[nodiscard]] std::vector<double> singular_vectors() const {
    std::vector<double> all;
    for (std::size_t l = 0; l < network_.layers(); ++l) {
      arma::mat U, V;
      arma::vec s;
      REQUIRE(arma::svd(U, s, V, matrix_of(network_.parameters(), l)));
      const arma::vec b = V.col(0);
      all.insert(all.end(), b.begin(), b.end());
    }
    return all;
  }

  double objective(std::size_t k, double shift, std::vector<bool>& active) {
    std::vector<double> shifted = start_;
    shifted[k] += shift;
    network_.parameters().assign(shifted);
    active.clear();
    if (kind_.has(Regulariser::dropout))
      network_.forward_dropout(x_, workspace_);
    else
      network_.forward(x_, workspace_);
    for (std::size_t l = 0; l + 1 < network_.layers(); ++l)
      for (const double a : workspace_.outputs[l]) active.push_back(a > 0);
    double sum = network_.score(labels_, workspace_).loss_sum / static_cast<double>(kind_.batch);
    for (std::size_t l = 0; l < network_.layers(); ++l) {
      const arma::mat W = matrix_of(network_.parameters(), l);
      sum += config_.weight_decay / 2 * arma::accu(arma::square(W)) +
             config_.l1 * arma::accu(arma::abs(W));
      if (config_.spectral_penalty > 0)
        sum += config_.spectral_penalty / 2 * std::pow(arma::norm(W, 2), 2);
    }
    return sum;
  }

  Kind kind_;
  OptimizerConfig config_;
  DenseNetwork<double> network_;
  Workspace<double> workspace_;
  std::vector<double> x_;
  std::vector<Label> labels_;
  std::vector<double> start_;
};

TEST_CASE("regularisers: the step of every layer is minus the gradient of the objective",
          "[network][gradient]") {
  const auto activation = GENERATE(Activation::relu, Activation::tanh, Activation::linear);
  const auto loss = GENERATE(Loss::softmax_cross_entropy, Loss::mse, Loss::softmax_mse);
  const auto regulariser =
      GENERATE(Regulariser::none, Regulariser::l2, Regulariser::l1, Regulariser::spectral_penalty,
               Regulariser::label_smoothing, Regulariser::dropout, Regulariser::all);
  const auto batch = GENERATE(std::size_t{3}, std::size_t{17});  // the fused loops, and BLAS
  CAPTURE(int(activation), int(loss), int(regulariser), batch);
  Problem problem({activation, loss, regulariser, batch});
  Problem plain({activation, loss, Regulariser::none, batch});
  const std::vector<double> found = problem.gradient(), unregularised = plain.gradient();
  const double h = 1e-4;
  bool smooth = true;
  std::size_t k = 0;
  for (std::size_t l = 0; l + 1 < Problem::widths.size(); ++l) {
    const std::size_t weights = Problem::widths[l] * Problem::widths[l + 1];
    double worst = 0, effect = 0;
    for (std::size_t i = 0; i < weights + Problem::widths[l + 1]; ++i, ++k) {
      worst = std::max(worst, std::abs(found[k] - problem.difference(k, h, smooth)));
      effect = std::max(effect, std::abs(found[k] - unregularised[k]));
      // |w| has its kink at 0.
      if (i < weights) smooth = smooth && std::abs(problem.start()[k]) > 2 * h;
    }
    CAPTURE(l);
    // Error of the difference: 1.5/h times that of f up to 6, a few roundings: 1.5e-11 for each;
    // truncation, h^4 f^(5)/30 = 3e-18 f^(5), is far below. Measured: at most 3.1e-11.
    CHECK(worst < 1e-10);
    // Negative control: no regulariser may be left out, in any layer. Measured: at least 1.2e-3.
    if (regulariser != Regulariser::none) CHECK(effect > 1e-4);
  }
  CHECK(k == found.size());
  CHECK(smooth);  // true of this seed
}

// A network of random numbers and a gradient, both of order 1.
struct RandomStep {
  DenseNetwork<double> network{{9, 7, 4}};
  Parameters<double> gradient{network.widths()};

  explicit RandomStep(std::uint64_t seed) {
    core::Stream stream = core::Stream(72).child(seed);
    const auto draw = [&stream](std::size_t size) {
      std::vector<double> values(size);
      for (double& value : values) value = stream.normal();
      return values;
    };
    network.parameters().assign(draw(gradient.size()));
    gradient.assign(draw(gradient.size()));
  }
};

TEST_CASE("regularisers: clipping scales the gradient of the loss to its largest norm",
          "[network]") {
  for (std::uint64_t seed = 0; seed < 10; ++seed)
    // Well beyond and just beyond the bound, just below it and well below it.
    for (const double share : {0.1, 1 - 1e-6, 1 + 1e-6, 10.0}) {
      CAPTURE(seed, share);
      RandomStep random(seed);
      const arma::vec g(random.gradient.flat()), before(random.network.parameters().flat());
      const double bound = share * arma::norm(g);
      OptimizerConfig config{.learning_rate = 0.5, .momentum = 0, .weight_decay = 0.25};
      config.gradient_clip = bound;
      Optimizer<double> optimizer(random.network.widths(), config);
      optimizer.step(random.network, random.gradient);
      // The decay is no part of what is clipped, and acts on weights alone: 9 x 7, 7, 7 x 4, 4.
      arma::vec decaying(g.n_elem, arma::fill::ones);
      decaying.subvec(63, 69).zeros();
      decaying.tail(4).zeros();
      const arma::vec clipped = share < 1 ? arma::vec(g / arma::norm(g) * bound) : g;
      const arma::vec expected = before - 0.5 * (clipped + 0.25 * decaying % before);
      const arma::vec after(random.network.parameters().flat());
      CHECK(arma::abs(after - expected).max() < 16 * eps);  // a few roundings of numbers up to 3
      // Negative control: without clipping the step is another, if and only if the norm is exceeded.
      const double other = arma::abs(after - (before - 0.5 * (g + 0.25 * decaying % before))).max();
      CHECK((other > 1e-7) == (share < 1));
    }
}

TEST_CASE("regularisers: max_norm scales every column that is too long after a step", "[network]") {
  std::size_t shortened = 0, kept = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    RandomStep random(seed), free(seed);
    OptimizerConfig config{.learning_rate = 0.1, .momentum = 0, .weight_decay = 0.1};
    Optimizer<double>(free.network.widths(), config).step(free.network, free.gradient);
    config.max_norm = 2.5;  // of columns of 9 or 7 normal numbers
    Optimizer<double>(random.network.widths(), config).step(random.network, random.gradient);
    for (std::size_t l = 0; l < 2; ++l) {
      arma::mat expected = matrix_of(free.network.parameters(), l);
      for (arma::uword j = 0; j < expected.n_cols; ++j) {
        const double norm = arma::norm(expected.col(j));
        ++(norm > config.max_norm ? shortened : kept);
        if (norm > config.max_norm) expected.col(j) *= config.max_norm / norm;
      }
      const arma::mat found = matrix_of(random.network.parameters(), l);
      CHECK(arma::abs(found - expected).max() < 16 * eps);
      const auto b = random.network.biases(l), c = free.network.biases(l);
      CHECK(std::equal(b.begin(), b.end(), c.begin(), c.end()));
    }
  }
  CHECK(shortened > 20);  // of 110
  CHECK(kept > 20);
}

// The network's widths are {n, m}; a step that moves nothing leaves lr penalty nu a b^T in the velocity.
double estimated_norm(Optimizer<double>& optimizer, DenseNetwork<double>& network) {
  optimizer.step(network, Parameters<double>(network.widths()));
  return arma::norm(matrix_of(optimizer.velocity(), 0), "fro") / 1e-30;
}

TEST_CASE("regularisers: the power iteration approaches the norm from below, at its rate",
          "[network][limit]") {
  core::Stream stream(73);
  DenseNetwork<double> network({40, 25});
  initialize(network, Initialization::glorot_normal, stream.child("weights"));
  arma::mat U, V;
  arma::vec s;
  REQUIRE(arma::svd(U, s, V, matrix_of(network.parameters(), 0)));
  OptimizerConfig config{.learning_rate = 1e-30, .momentum = 0, .weight_decay = 0};
  config.spectral_penalty = 1;
  Optimizer<double> optimizer(network.widths(), config);
  const auto start = network.parameters().flat();

  double nu = 0, distance = 1;
  for (int step = 0; step < 1000; ++step) {
    const double next = estimated_norm(optimizer, network);
    if (next < nu * (1 - 4 * eps) || next > s[0] * (1 + 8 * eps)) {
      CAPTURE(step, next, nu, s[0]);
      CHECK(next >= nu * (1 - 4 * eps));
      CHECK(next <= s[0] * (1 + 8 * eps));
    }
    nu = next;
    // Sine of the angle between b and the singular vector: what is left of b without it.
    const arma::vec b(optimizer.spectral_vectors());
    const double left = arma::norm(b - arma::dot(b, V.col(0)) * V.col(0));
    // Late enough for the second vector to be all that is left, and well above rounding.
    if (distance < 1e-3 && left > 1e-6)
      CHECK_THAT(left / distance, WithinRel(std::pow(s[1] / s[0], 2), 0.01));
    distance = left;
  }
  CHECK(network.parameters().flat() == start);
  CHECK(distance < 1e-10);
  CHECK_THAT(nu, WithinRel(s[0], 16 * eps));
}

TEST_CASE("regularisers: the spectral penalty of a zero or rank-one matrix", "[network][limit]") {
  OptimizerConfig config{.learning_rate = 1, .momentum = 0, .weight_decay = 0};
  config.spectral_penalty = 0.25;
  DenseNetwork<double> network({3, 2});
  Optimizer<double> optimizer(network.widths(), config);
  const Parameters<double> none(network.widths());
  optimizer.step(network, none);
  CHECK(network.parameters().flat() == std::vector<double>(8, 0.0));
  // Of a b^T all is taken in the first step: W - 0.25 nu a b^T = 0.75 W; a bias stays.
  network.parameters().assign(std::vector<double>{2, -1, 4, -2, -6, 3, 5, 5});
  optimizer.step(network, none);
  const std::vector<double> expected{1.5, -0.75, 3, -1.5, -4.5, 2.25, 5, 5};
  const auto found = network.parameters().flat();
  for (std::size_t k = 0; k < 8; ++k) CHECK_THAT(found[k], WithinAbs(expected[k], 16 * eps));
  // A factor of the layer acts on it as on the decay.
  config.decay_factors = {0};
  Optimizer<double>(network.widths(), config).step(network, none);
  CHECK(network.parameters().flat() == found);
  // It is no part of what is clipped, and Adam and Nesterov have it in their gradient.
  config.decay_factors = {};
  config.gradient_clip = 1e-9;
  network.parameters().assign(found);
  Optimizer<double>(network.widths(), config).step(network, none);
  CHECK_THAT(network.weights(0)[0], WithinAbs(0.75 * 1.5, 16 * eps));
  for (const Method method : {Method::nesterov, Method::adam}) {
    config.method = method;
    network.parameters().assign(found);
    Optimizer<double>(network.widths(), config).step(network, none);
    // lr 1: Adam's first step is the sign, up to epsilon over a slope of 0.375.
    CHECK_THAT(network.weights(0)[0], WithinAbs(method == Method::adam ? 0.5 : 0.75 * 1.5,
                                                method == Method::adam ? 3e-8 : 16 * eps));
  }
  CHECK_THROWS_WITH(
      Optimizer<double>(network.widths(), {.spectral_penalty = -1}),
      ContainsSubstring("Optimizer: spectral_penalty = -1 (must be finite and >= 0)"));
  CHECK(Optimizer<double>(network.widths(), {}).spectral_vectors().empty());
}

}  // namespace
}  // namespace rmtlab::network
