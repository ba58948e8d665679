// SPDX-License-Identifier: MIT
/// \file
/// \brief A small experiment with one parameter of each kind, for the tests of the machinery.
#pragma once

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/core/experiment.hpp"

namespace rmtlab::tests {

enum class Law { normal, uniform };

class ToyExperiment : public core::Experiment {
public:
  void declare(core::Schema& schema) override {
    schema.integer("rows", rows, core::at_least(1), "numbers to draw");
    schema.choice<Law>("law", law, {{"normal", Law::normal}, {"uniform", Law::uniform}},
                       "what to draw");
    schema.section("noise", "what is added", [&] {
      schema.number("variance", variance, core::positive(), "scale of the numbers, squared");
      schema.number("momentum", momentum, core::fraction_below_one(), "unused");
      schema.boolean("centred", centred, "subtract the mean");
    });
    schema.integers("lags", lags, core::at_least(0), "unused");
    schema.text("file", file, "a path", "unused");
  }
  [[nodiscard]] std::vector<core::Complaint> complaints() const override {
    if (rows == 999) return {{"rows", "= 999 does not go with this law", {"take another"}, false}};
    if (file == "later") return {{"file", "is to be given", {}, true}};
    return {};
  }
  [[nodiscard]] std::vector<core::OutputKind> output_kinds() const override {
    return {{"draws", true, "the numbers"}, {"weights", false, "more numbers"}};
  }
  [[nodiscard]] double cost() const override { return static_cast<double>(rows); }

  [[nodiscard]] core::TaskResult run(const core::Task& task) const override {
    task.check_stop();
    if (variance == 13) throw std::runtime_error("noise.variance = 13 (a test of failure)");
    core::Stream paired = task.paired_stream("data"), own = task.own_stream("noise");
    std::vector<double> draws;
    for (std::size_t i = 0; i < rows; ++i)
      draws.push_back(std::sqrt(variance) * (law == Law::normal ? own.normal() : own.uniform()));
    core::TaskResult result;
    result.rows.push_back({{"first", paired.normal()},
                           {"second", draws.front()},
                           {"text", std::string("a, \"b\"")},
                           {"missing", std::monostate{}},
                           {"count", static_cast<std::int64_t>(rows)},
                           {"yes", true}});
    result.rows.push_back(result.rows.front());
    if (task.wants("draws")) result.arrays.push_back({"draws", {rows}, draws});
    return result;
  }
  [[nodiscard]] std::string summary(const core::Table& records) const override {
    return fmt::format("{} rows\n", records.size());
  }

  std::size_t rows = 4;
  Law law = Law::normal;
  double variance = 1, momentum = 0.5;
  bool centred = false;
  std::vector<std::size_t> lags;
  std::string file;
};

inline core::Registry toy_registry() {
  static const std::array<core::ExperimentEntry, 1> table{
      {{"toy", "Does the machinery hold?", [] { return std::make_unique<ToyExperiment>(); }}}};
  return table;
}

}  // namespace rmtlab::tests
