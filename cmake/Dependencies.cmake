# SPDX-License-Identifier: MIT
# Every library the project uses, as imported targets. All come from Debian packages (.ci/packages.txt).
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.74 REQUIRED COMPONENTS iostreams system filesystem)
find_package(yaml-cpp REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(GSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
pkg_check_modules(OPENBLAS REQUIRED IMPORTED_TARGET openblas)

# Armadillo without its wrapper library: one BLAS in the process, and we know which.
find_path(ARMADILLO_INCLUDE_DIR armadillo REQUIRED)
add_library(rmtlab_armadillo INTERFACE)
target_include_directories(rmtlab_armadillo SYSTEM INTERFACE $<BUILD_INTERFACE:${ARMADILLO_INCLUDE_DIR}>)
target_compile_definitions(rmtlab_armadillo INTERFACE ARMA_DONT_USE_WRAPPER ARMA_USE_LAPACK
  ARMA_USE_BLAS ARMA_DONT_USE_HDF5 ARMA_DONT_USE_OPENMP ARMA_WARN_LEVEL=0 ARMA_64BIT_WORD)
target_link_libraries(rmtlab_armadillo INTERFACE PkgConfig::OPENBLAS)

pkg_check_modules(HDF5 REQUIRED IMPORTED_TARGET hdf5)
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)

find_path(RANDOM123_INCLUDE_DIR Random123/philox.h REQUIRED)
add_library(rmtlab_random123 INTERFACE)
target_include_directories(rmtlab_random123 SYSTEM INTERFACE $<BUILD_INTERFACE:${RANDOM123_INCLUDE_DIR}>)

find_path(GNUPLOT_IOSTREAM_INCLUDE_DIR gnuplot-iostream.h REQUIRED)
