// SPDX-License-Identifier: MIT
/// \file
/// \brief Normal variates in bulk: `Stream::fill_normal`.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numbers>

#include "sim/core/philox.hpp"
#include "sim/core/random.hpp"

namespace rmtlab::core {
namespace {

// The half density f(x) = exp(-x^2/2) covered by 256 layers of equal area v. Layer i > 0 is the
// rectangle from 0 to x_i between the heights f(x_i) and f(x_(i+1)); layer 0 is all that lies below
// f(x_1), the tail beyond x_1 included, and x_0 = v / f(x_1) is the width of a rectangle of its area.
// What is left of x_(i+1) lies below f in every layer.
struct Ziggurat {
  static constexpr std::size_t layers = 256;
  // x_1, for which the top layer closes at f(0) = 1 (to 3e-15); \cite MarsagliaTsang2000.
  static constexpr double base = 3.6541528853610088;

  std::array<double, layers> width{};         // x_i 2^-52: from an integer to x
  std::array<std::int64_t, layers> inside{};  // integers below are left of x_(i+1)
  std::array<double, layers + 1> height{};    // f(x_i)

  Ziggurat() {
    const auto f = [](double x) { return std::exp(-0.5 * x * x); };
    const double tail = std::sqrt(std::numbers::pi / 2) * std::erfc(base / std::numbers::sqrt2);
    const double area = base * f(base) + tail;
    std::array<double, layers + 1> x{};  // x[layers] = 0
    x[0] = area / f(base);
    x[1] = base;
    for (std::size_t i = 1; i + 1 < layers; ++i)
      x[i + 1] = std::sqrt(-2 * std::log(f(x[i]) + area / x[i]));
    for (std::size_t i = 0; i < layers; ++i) {
      width[i] = x[i] * 0x1p-52;
      inside[i] = static_cast<std::int64_t>(x[i + 1] / x[i] * 0x1p52);
      height[i] = f(x[i]);
    }
    height[layers] = 1;
  }
};

// The words of a stream from a position on, generated ahead in chunks.
class Words {
public:
  Words(const std::array<std::uint32_t, 4>& identity, std::uint64_t position)
      : identity_(identity), first_(position) {}

  // The next word, when `wanted` > 0 of them will be asked for, this one included.
  std::uint64_t next(std::size_t wanted) {
    if (at_ == end_) refill(wanted);
    return buffer_[at_++];
  }

  // As Stream::uniform.
  double uniform() { return (static_cast<double>(next(2) >> 12) + 0.5) * 0x1p-52; }

  // Index of the first word that was not handed out.
  [[nodiscard]] std::uint64_t position() const { return first_ + at_; }

private:
  void refill(std::size_t wanted) {
    const std::uint64_t block = position() / 2;
    at_ = position() % 2;
    end_ = std::min(buffer_.size(), at_ + wanted + (at_ + wanted) % 2);  // whole blocks
    first_ = 2 * block;
    philox_words(identity_, block, std::span(buffer_).first(end_));
  }

  std::array<std::uint32_t, 4> identity_;
  std::uint64_t first_;           // index of buffer_[0] in the stream
  std::size_t at_ = 0, end_ = 0;  // the words in between are still to be handed out
  std::array<std::uint64_t, 512> buffer_;
};

// The law beyond the base, on its positive side: exponential with rate `base`, accepted with
// probability exp(-x^2/2) (Marsaglia). Exact.
double tail(Words& words) {
  while (true) {
    const double x = -std::log(words.uniform()) / Ziggurat::base;
    const double y = -std::log(words.uniform());
    if (2 * y > x * x) return Ziggurat::base + x;
  }
}

// One word is 8 bits of layer and an odd number j between -2^52 and 2^52: the law is symmetric.
double draw(const Ziggurat& ziggurat, Words& words, std::size_t wanted) {
  while (true) {
    const std::uint64_t word = words.next(wanted);
    const std::size_t i = word % Ziggurat::layers;
    const std::int64_t j = (static_cast<std::int64_t>(word) >> 11) | 1;
    const double x = static_cast<double>(j) * ziggurat.width[i];
    if (std::abs(j) < ziggurat.inside[i]) [[likely]]
      return x;  // 98.8 %
    if (i == 0) return std::copysign(tail(words), x);
    const double bottom = ziggurat.height[i], top = ziggurat.height[i + 1];
    if (bottom + (top - bottom) * words.uniform() < std::exp(-0.5 * x * x)) return x;
  }
}

// Returns the position after the last word used.
template <class Real>
std::uint64_t fill(const std::array<std::uint32_t, 4>& identity, std::uint64_t position,
                   std::span<Real> values) {
  static const Ziggurat ziggurat;
  Words words(identity, position);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<Real>(draw(ziggurat, words, values.size() - i));
  return words.position();
}

}  // namespace

void Stream::fill_normal(std::span<double> values) { seek(fill(identity_, position(), values)); }

void Stream::fill_normal(std::span<float> values) { seek(fill(identity_, position(), values)); }

}  // namespace rmtlab::core
