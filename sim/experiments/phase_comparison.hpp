// SPDX-License-Identifier: MIT
/// \file
/// \brief The phase classifier against simpler ones, and on families it was not trained on.
#pragma once

#include <string>

#include "sim/core/table.hpp"

namespace rmtlab::experiments {

/**
 * \brief Scores of the shipped classifier and of its rivals on the records of `phase_benchmark`.
 *
 * Rivals with parameters are trained on `training` by softmax regression: all statistics in one step, KS distance
 * alone, distance of densities alone. Rules without: the thresholds and the exponent's window, as recorded.
 * Each gets the 95 % interval of the classifier's lead in balanced accuracy (`accuracy_difference`).
 *
 * Then leave-one-family-out: every family of the test is labelled by a classifier trained on all other
 * families of `training`; a family that is in training under no name (the hard ones) by the full one.
 * \throws std::out_of_range naming a column that lacks; std::invalid_argument as `PhaseClassifier::train`.
 */
std::string phase_comparison(const core::Table& test, const core::Table& training);

}  // namespace rmtlab::experiments
