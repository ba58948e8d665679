// SPDX-License-Identifier: MIT
#include "tests/sim/network/allocation_count.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

#if defined(__SANITIZE_ADDRESS__)
#define RMTLAB_COUNT_ALLOCATIONS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RMTLAB_COUNT_ALLOCATIONS 0
#endif
#endif
#ifndef RMTLAB_COUNT_ALLOCATIONS
#define RMTLAB_COUNT_ALLOCATIONS 1
#endif

#if RMTLAB_COUNT_ALLOCATIONS

namespace {
std::atomic<std::size_t> allocations{0};
}  // namespace

// The forms for arrays and without exceptions call these.
void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  ++allocations;
  const auto step = static_cast<std::size_t>(alignment);
  if (void* memory = std::aligned_alloc(step, (size / step + 1) * step)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace rmtlab::tests {
std::optional<std::size_t> allocation_count() { return allocations; }
}  // namespace rmtlab::tests

#else

namespace rmtlab::tests {
std::optional<std::size_t> allocation_count() { return std::nullopt; }
}  // namespace rmtlab::tests

#endif
