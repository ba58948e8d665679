// SPDX-License-Identifier: MIT
/// \file
/// \brief A result, or the reason why there is none: for reports that go on after an impossible fit.
#pragma once

#include <exception>
#include <optional>
#include <string>

namespace rmtlab::inference {

/// A result, or the reason why there is none.
template <class T>
struct Attempt {
  std::optional<T> value;
  std::string reason;  ///< empty if there is a value

  explicit operator bool() const { return value.has_value(); }
  const T& operator*() const { return *value; }
  const T* operator->() const { return &*value; }
};

/// Runs `compute`, turning an exception into its reason.
template <class F>
auto attempt(F compute) -> Attempt<decltype(compute())> {
  try {
    return {compute(), {}};
  } catch (const std::exception& error) {
    return {std::nullopt, error.what()};
  }
}

}  // namespace rmtlab::inference
