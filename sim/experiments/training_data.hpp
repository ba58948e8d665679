// SPDX-License-Identifier: MIT
/// \file
/// \brief Data sets of the experiment `training`: the parameters below `data`, and what they make.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/core/experiment.hpp"
#include "sim/network/dataset.hpp"
#include "sim/network/teacher.hpp"

namespace rmtlab::experiments {

enum class DataKind {
  teacher,
  gaussian_mixture,
  single_index,
  modular_addition,
  idx,
  cifar10,
  npz
};

/// The defaults here are the defaults of the YAML file.
struct DataParameters {
  DataKind kind = DataKind::teacher;
  network::TeacherConfig teacher;  ///< also holds what the kinds share
  std::size_t clusters = 1;        ///< gaussian_mixture
  double train_share = 0.5;        ///< modular_addition
  std::string images, labels;      ///< IDX files, or one of CIFAR-10, or an archive of NumPy
  double label_noise = 0;          ///< see `network::randomise_labels`
};

/// Binds the parameters of the section `data`.
void declare_data(core::Schema& schema, DataParameters& data);

/// The files that the kind of data needs, by parameter; "" where none is given.
std::vector<std::pair<std::string, std::string>> data_files(const DataParameters& data);

/// Constraints that involve more than one parameter.
void complain_about_data(const DataParameters& data, std::vector<core::Complaint>& list);

/// Samples to learn from.
std::size_t train_samples(const DataParameters& data);

/// d, where it does not depend on a file.
std::optional<std::size_t> input_dimension(const DataParameters& data);

/**
 * \brief The data set, a function of the parameters below `data` and of `stream`.
 *
 * `npz` reads the arrays x_train, y_train, x_test and y_test, the names of Keras' data sets: x (n, ...)
 * of numbers, flattened in C order, and y (n) or (n, 1) of whole numbers from 0 to K - 1. They are
 * prepared by `network::split_tables`; without x_test and y_test, by `network::split_table`.
 *
 * \throws std::runtime_error naming the file and, within an archive, the array: see the readers.
 */
network::DataSplit make_data(const DataParameters& data, const core::Stream& stream);

}  // namespace rmtlab::experiments
