// SPDX-License-Identifier: MIT
/// \file
/// \brief Internal: independent replicates on several threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace rmtlab::inference {

/**
 * \brief Calls `work(worker, r)` once for r = 0 ... count - 1, in any order, on `threads` threads.
 *
 * Each thread makes one worker, its scratch memory, by `make_worker()`. What a replicate leaves
 * behind must go to a place of its own, so that the outcome does not depend on the threads. The
 * first exception stops the hand-out of replicates and is thrown again here.
 * \pre threads >= 1.
 */
template <class MakeWorker, class Work>
void run_replicates(std::size_t count, std::size_t threads, const MakeWorker& make_worker,
                    const Work& work) {
  constexpr std::size_t batch = 8;
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex failing;
  const auto run = [&] {
    try {
      auto worker = make_worker();
      for (std::size_t r = next.fetch_add(batch); r < count; r = next.fetch_add(batch))
        for (std::size_t k = r; k < std::min(r + batch, count); ++k) work(worker, k);
    } catch (...) {
      const std::lock_guard lock(failing);
      if (!failure) failure = std::current_exception();
      next = count;
    }
  };
  {
    std::vector<std::jthread> others;
    const std::size_t useful = std::min(threads, (count + batch - 1) / batch);
    for (std::size_t t = 1; t < useful; ++t) others.emplace_back(run);
    run();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace rmtlab::inference
