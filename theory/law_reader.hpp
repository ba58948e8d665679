// SPDX-License-Identifier: MIT
/// \file
/// \brief What the rows of the catalogue of laws share: reading parameters, filling in members.
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "theory/law_catalogue.hpp"

namespace rmtlab::theory {

/// Reads the parameters of one law; every message begins with that law's name.
class LawReader {
public:
  LawReader(std::string_view law, const LawParameters& values) : law_(law), values_(values) {}

  [[noreturn]] void refuse(std::string_view name, std::string_view constraint) const {
    throw std::domain_error(
        fmt::format("{}: {} = {} (must be {})", law_, name, text(name), constraint));
  }

  [[nodiscard]] double number(std::string_view name) const {
    const std::string_view value = text(name);
    double result = 0;
    const char* end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, result);
    if (error != std::errc() || stop != end || !std::isfinite(result))
      refuse(name, "a finite number");
    return result;
  }

  [[nodiscard]] double positive(std::string_view name) const {
    const double value = number(name);
    if (!(value > 0)) refuse(name, "> 0");
    return value;
  }

  [[nodiscard]] double at_least_one(std::string_view name) const {
    const double value = number(name);
    if (!(value >= 1)) refuse(name, ">= 1");
    return value;
  }

  /// A size, which may be written inf for the limit.
  [[nodiscard]] double size_or_infinite(std::string_view name) const {
    return text(name) == "inf" ? std::numeric_limits<double>::infinity() : at_least_one(name);
  }

  /// Numbers separated by commas.
  [[nodiscard]] std::vector<double> positive_list(std::string_view name) const {
    std::vector<double> result;
    const std::string_view list = text(name);
    for (std::size_t begin = 0; begin <= list.size();) {
      const std::size_t comma = std::min(list.find(',', begin), list.size());
      double value = 0;
      const char* end = list.data() + comma;
      const auto [stop, error] = std::from_chars(list.data() + begin, end, value);
      if (error != std::errc() || stop != end || !std::isfinite(value) || !(value > 0))
        refuse(name, "positive numbers separated by commas");
      result.push_back(value);
      begin = comma + 1;
    }
    return result;
  }

  template <class T>
  [[nodiscard]] T word(std::string_view name,
                       std::initializer_list<std::pair<std::string_view, T>> words) const {
    std::vector<std::string_view> allowed;
    for (const auto& [word, value] : words) {
      if (word == text(name)) return value;
      allowed.push_back(word);
    }
    refuse(name, fmt::format("one of {}", fmt::join(allowed, ", ")));
  }

private:
  [[nodiscard]] const std::string& text(std::string_view name) const {
    return values_.find(name)->second;
  }

  std::string_view law_;
  const LawParameters& values_;
};

/// Fills the members that follow from the free functions of a distribution type.
template <class Distribution>
Law continuous_law(const Distribution& law) {
  Law result;
  result.pdf = [law](double x) { return pdf(law, x); };
  result.cdf = [law](double x) { return cdf(law, x); };
  result.sf = [law](double x) { return sf(law, x); };
  result.quantile = [law](double p) { return quantile(law, p); };
  result.quantile_sf = [law](double q) { return quantile_sf(law, q); };
  result.mean = mean(law);
  result.variance = variance(law);
  return result;
}

/// log(1 - small) or log(value), whichever keeps its digits.
inline double log_of(double value, double complement) {
  return value > 0.5 ? std::log1p(-complement) + 0.0 : std::log(value);
}

}  // namespace rmtlab::theory
