// SPDX-License-Identifier: MIT
#include "sim/inference/power_law_scan.hpp"

#include <algorithm>
#include <cmath>

namespace rmtlab::inference {
namespace {

constexpr std::size_t chunk = 256;           // points evaluated between two looks at the result
constexpr std::size_t smallest_split = 768;  // shorter tails are evaluated point by point
constexpr std::size_t tile_size = 512;
constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

// The computed exponential is monotone up to a few eps only.
constexpr double monotone_slack = 1e-13;

}  // namespace

std::size_t candidate_count(const TailTable& table, std::size_t min_tail) {
  if (table.size() < 2) return 0;
  // Observations at or above decrease along the table.
  const auto& m = table.at_least;
  const auto end = m.begin() + static_cast<std::ptrdiff_t>(table.size() - 1);
  const auto enough = static_cast<double>(min_tail);
  const auto last = std::partition_point(m.begin(), end, [&](double x) { return x >= enough; });
  return static_cast<std::size_t>(last - m.begin());
}

ScanResult scan_every_value(const TailTable& table, const SearchRules& rules) {
  const std::size_t candidates = candidate_count(table, rules.min_tail);
  TailFits fits;
  fits.reset(table, candidates);
  ScanResult best{0, std::numeric_limits<double>::infinity()};
  for (std::size_t i = 0; i < candidates; ++i) {
    double distance = 0;
    for (std::size_t j = i; j < table.size(); ++j)
      distance = std::max(distance, fits.gap(i, j, rules.last_rank) / table.at_least[i]);
    if (distance < best.distance) best = {i, distance};
  }
  return best;
}

ScanResult XminSearch::least_distance(const TailTable& table) {
  return search(table, {none, std::numeric_limits<double>::infinity()}, false);
}

bool XminSearch::any_below(const TailTable& table, double distance) {
  // Index 0: an equal distance is no improvement.
  return search(table, {0, distance}, true).distance < distance;
}

std::vector<double> XminSearch::distances(const TailTable& table,
                                          std::span<const std::size_t> candidates) {
  fits_.reset(table, table.size() - 1);
  std::vector<double> all;
  for (const std::size_t i : candidates)
    all.push_back(evaluate(i, std::numeric_limits<double>::infinity()).value);
  return all;
}

double XminSearch::first_distance(const TailTable& table) {
  fits_.reset(table, 1);
  return evaluate(0, std::numeric_limits<double>::infinity()).value;
}

ScanResult XminSearch::search(const TailTable& table, ScanResult start, bool first_improvement) {
  const std::size_t candidates = candidate_count(table, rules_.min_tail);
  fits_.reset(table, candidates);
  best_ = start;
  stop_at_first_ = first_improvement;
  improved_ = false;
  completed_ = 0;
  witnesses_.clear();
  survivors_.resize(0);
  probe(candidates);
  if (!done()) sieve(candidates);
  if (!done()) finish_by_least_bound();
  return best_;
}

// Takes over a candidate that was not given up if it is the better one.
bool XminSearch::improve(std::size_t i, const Distance& distance) {
  if (distance.value > best_.distance) return false;
  ++completed_;
  if (distance.value == best_.distance && i >= best_.index) return false;
  best_ = {i, distance.value};
  improved_ = true;
  return true;
}

void XminSearch::add_witness(std::size_t j) {
  if (std::find(witnesses_.begin(), witnesses_.end(), j) == witnesses_.end())
    witnesses_.push_back(j);
}

// Tail sizes q, q r, q r^2 ..., r = q^(-1/12).
void XminSearch::probe(std::size_t candidates) {
  const auto q = static_cast<double>(fits_.table().size());
  constexpr int probes = 12;
  std::size_t last = none;
  for (int k = 0; k < probes && !done(); ++k) {
    const double size = std::ceil(std::pow(q, 1 - static_cast<double>(k) / probes));
    const std::size_t i = fits_.table().size() - static_cast<std::size_t>(std::min(size, q));
    if (i == last || i >= candidates) continue;
    last = i;
    const Distance distance = evaluate(i, best_.distance);
    improve(i, distance);
    add_witness(distance.witness);
  }
}

// ---------------------------------------------------------------------------------------------
// One candidate exactly.

XminSearch::Distance XminSearch::evaluate(std::size_t i, double cut) {
  const std::size_t q = fits_.table().size();
  if (q - i > smallest_split) return evaluate_in_blocks(i, cut);
  Distance largest{0, i};
  for (std::size_t j = i; j < q; j += chunk)
    if (scan_range(i, j, std::min(j + chunk, q), cut, largest)) break;
  largest.value /= fits_.table().at_least[i];
  return largest;
}

// Raises `largest.value`, here a gap, over the points [begin, end). True if the distance exceeds
// `cut`.
bool XminSearch::scan_range(std::size_t i, std::size_t begin, std::size_t end, double cut,
                            Distance& largest) {
  const TailTable& table = fits_.table();
  std::array<double, chunk> expected;  // NOLINT: filled by the next line
  const std::size_t count = end - begin;
  fits_.expected(i, begin, 1, count, expected.data());
  const double* up = table.at_least.data() + begin;
  const double gap = power_law_kernels().largest_gap(expected.data(), up, count, rules_.last_rank);
  if (gap <= largest.value) return false;
  std::size_t k = 0;
  while (std::max(up[k] - expected[k], expected[k] - (up[k + 1] + rules_.last_rank)) != gap) ++k;
  largest = {gap, begin + k};
  return gap / table.at_least[i] > cut;
}

XminSearch::Distance XminSearch::evaluate_in_blocks(std::size_t i, double cut) {
  const TailTable& table = fits_.table();
  const std::size_t length = table.size() - i;
  // The ends of a block of B points bound a gap within 2 B of it, and gaps are about sqrt(length).
  std::size_t block = 16;
  while (block * block * 256 < length && block < chunk) block *= 2;
  const std::size_t blocks = (length - 1) / block;  // the last one holds up to 2 B - 1 points
  expected_.resize(blocks + 1);
  bound_.resize(blocks);
  fits_.expected(i, i, block, blocks, expected_.data());
  fits_.expected(i, table.size() - 1, 1, 1, expected_.data() + blocks);

  const double* up = table.at_least.data() + i;
  const double last_rank = rules_.last_rank;
  Distance largest{0, i};
  for (std::size_t b = 0; b < blocks; ++b) {
    const double e = expected_[b];
    const double here = std::max(up[b * block] - e, e - (up[b * block + 1] + last_rank));
    if (here > largest.value) largest = {here, i + b * block};
    const double up_next = b + 1 < blocks ? up[(b + 1) * block] : 0;
    bound_[b] = std::max(up[b * block] - expected_[b + 1], e - (up_next + last_rank));
  }
  const double m = table.at_least[i];
  const double slack = monotone_slack * m;
  if (largest.value / m <= cut) {
    const auto open = [&](std::size_t b) {
      if (bound_[b] + slack <= largest.value) return false;
      const std::size_t begin = i + b * block;
      const std::size_t end = b + 1 < blocks ? begin + block : table.size();
      bound_[b] = 0;
      const std::size_t middle = std::min(begin + chunk, end);
      return scan_range(i, begin, middle, cut, largest) ||
             (middle < end && scan_range(i, middle, end, cut, largest));
    };
    // The most promising block first: what it shows closes others.
    const auto most = std::max_element(bound_.begin(), bound_.end());
    bool exceeded = open(static_cast<std::size_t>(most - bound_.begin()));
    for (std::size_t b = 0; b < blocks && !exceeded; ++b) exceeded = open(b);
  }
  largest.value /= m;
  return largest;
}

// ---------------------------------------------------------------------------------------------
// All candidates against points.

void XminSearch::Survivors::resize(std::size_t size) {
  y.resize(size);
  a.resize(size);
  m.resize(size);
  bound.resize(size);
  index.resize(size);
}

// Point j bounds candidates at or below it.
void XminSearch::raise(Survivors& set, std::size_t size, std::size_t j) const {
  const auto begin = set.index.begin();
  const auto below = std::upper_bound(begin, begin + static_cast<std::ptrdiff_t>(size), j) - begin;
  fits_.raise_bounds(set.y.data(), set.a.data(), set.m.data(), static_cast<std::size_t>(below), j,
                     rules_.last_rank, set.bound.data());
}

// Moves the candidates that may still be best to the front; how many there are.
std::size_t XminSearch::keep_possible(Survivors& set, std::size_t size) {
  std::size_t kept = 0;
  const ScanResult best = best_;
  kept_.resize(std::max(kept_.size(), size));
  for (std::size_t k = 0; k < size; ++k) {
    kept_[kept] = k;
    // No short circuit: which way it goes is hard to predict.
    const int below = static_cast<int>(set.bound[k] < best.distance);
    const int ties = static_cast<int>(set.bound[k] == best.distance) &
                     static_cast<int>(set.index[k] < best.index);
    kept += static_cast<std::size_t>(below | ties);
  }
  for (std::size_t k = 0; k < kept; ++k) {
    const std::size_t from = kept_[k];
    set.y[k] = set.y[from];
    set.a[k] = set.a[from];
    set.m[k] = set.m[from];
    set.bound[k] = set.bound[from];
    set.index[k] = set.index[from];
  }
  return kept;
}

void XminSearch::sieve(std::size_t candidates) {
  tile_.resize(tile_size);
  for (std::size_t begin = 0; begin < candidates; begin += tile_size)
    sieve_tile(begin, std::min(begin + tile_size, candidates));
}

void XminSearch::sieve_tile(std::size_t begin, std::size_t end) {
  std::size_t size = end - begin;
  const TailTable& table = fits_.table();
  std::copy_n(table.log_value.data() + begin, size, tile_.y.data());
  std::copy_n(fits_.exponents() + begin, size, tile_.a.data());
  std::copy_n(table.at_least.data() + begin, size, tile_.m.data());
  // The step at the candidate itself: there the law expects all m.
  const double* m = table.at_least.data() + begin;
  for (std::size_t k = 0; k < size; ++k)
    tile_.bound[k] = std::max(0.0, m[k] - (m[k + 1] + rules_.last_rank)) / m[k];
  for (std::size_t k = 0; k < size; ++k) tile_.index[k] = begin + k;

  std::size_t most = 0;  // excluded by one point
  std::size_t front = 0;
  for (std::size_t w = 0; w < witnesses_.size() && size > 0; ++w) {
    if (witnesses_[w] < begin) continue;
    raise(tile_, size, witnesses_[w]);
    const std::size_t left = keep_possible(tile_, size);
    if (size - left > most) {
      most = size - left;
      front = w;
    }
    size = left;
  }
  if (front > 0)
    std::rotate(witnesses_.begin(), witnesses_.begin() + static_cast<std::ptrdiff_t>(front),
                witnesses_.begin() + static_cast<std::ptrdiff_t>(front) + 1);
  const auto append = [size](auto& to, const auto& from) {
    to.insert(to.end(), from.begin(), from.begin() + static_cast<std::ptrdiff_t>(size));
  };
  append(survivors_.y, tile_.y);
  append(survivors_.a, tile_.a);
  append(survivors_.m, tile_.m);
  append(survivors_.bound, tile_.bound);
  append(survivors_.index, tile_.index);
}

// ---------------------------------------------------------------------------------------------
// What the points leave.

void XminSearch::finish_by_least_bound() {
  constexpr int patience = 8;
  int stalled = 0;
  while (survivors_.size() > 0) {
    const std::size_t size = survivors_.size();
    const auto least = static_cast<std::size_t>(
        std::min_element(survivors_.bound.begin(), survivors_.bound.end()) -
        survivors_.bound.begin());
    const std::size_t i = survivors_.index[least];
    const Distance distance = evaluate(i, best_.distance);
    improve(i, distance);
    if (done()) return;
    survivors_.bound[least] = std::numeric_limits<double>::infinity();
    raise(survivors_, size, distance.witness);
    survivors_.resize(keep_possible(survivors_, size));
    stalled = 100 * (size - survivors_.size()) < size ? stalled + 1 : 0;
    if (stalled == patience) return finish_in_order();
  }
}

// Each survivor against the last few points that excluded one, else exactly.
void XminSearch::finish_in_order() {
  constexpr std::size_t remembered = 4;
  std::vector<std::size_t> recent;
  for (std::size_t k = 0; k < survivors_.size() && !done(); ++k) {
    const std::size_t i = survivors_.index[k];
    const double m = survivors_.m[k];
    if (survivors_.bound[k] > best_.distance) continue;
    const auto excludes = [&](std::size_t j) {
      return j >= i && fits_.gap(i, j, rules_.last_rank) / m > best_.distance;
    };
    auto found = std::find_if(recent.begin(), recent.end(), excludes);
    if (found == recent.end()) {
      const Distance distance = evaluate(i, best_.distance);
      improve(i, distance);
      if (recent.size() == remembered) recent.pop_back();
      found = recent.insert(recent.end(), distance.witness);
    }
    std::rotate(recent.begin(), found, found + 1);
  }
}

}  // namespace rmtlab::inference
