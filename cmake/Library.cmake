# SPDX-License-Identifier: MIT
# rmtlab_library(name SOURCES a.cpp b.cpp LINKS other ... [COLD] [HEADERS <big/header.hpp> ...]): one
# library for one folder. COLD code computes nothing worth -O3, which doubles its compile time; HEADERS
# are compiled once for the folder, or SHARE_HEADERS takes those of another COLD library.
#
# Includes are written from the project's root ("sim/core/random.hpp"); a folder that uses what it
# does not link fails at link time, which keeps the direction of dependency.
add_library(rmtlab_options INTERFACE)
target_compile_features(rmtlab_options INTERFACE cxx_std_20)
# Contraction to fused multiply-add is left on (the default); -ffast-math never: it removes NaN checks.
target_compile_options(rmtlab_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow)
if(RMTLAB_WERROR)
  target_compile_options(rmtlab_options INTERFACE -Werror)
endif()
if(RMTLAB_NATIVE)
  target_compile_options(rmtlab_options INTERFACE -march=native)
endif()
if(RMTLAB_SANITIZE)
  # -g1: line numbers for the reports, without the types that take most of a debug build's time.
  target_compile_options(rmtlab_options INTERFACE -g1 -fsanitize=address,undefined
    -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(rmtlab_options INTERFACE -fsanitize=address,undefined)
endif()

function(rmtlab_library NAME)
  cmake_parse_arguments(ARG "COLD" "SHARE_HEADERS" "SOURCES;LINKS;HEADERS" ${ARGN})
  add_library(${NAME} STATIC ${ARG_SOURCES})
  add_library(rmtlab::${NAME} ALIAS ${NAME})
  set_target_properties(${NAME} PROPERTIES OUTPUT_NAME rmtlab_${NAME} EXPORT_NAME ${NAME})
  target_include_directories(${NAME} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
    $<INSTALL_INTERFACE:include/rmtlab>)
  target_compile_features(${NAME} PUBLIC cxx_std_20)
  target_link_libraries(${NAME} PUBLIC ${ARG_LINKS} PRIVATE $<BUILD_INTERFACE:rmtlab_options>)
  if(ARG_COLD)
    target_compile_options(${NAME} PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
  if(ARG_HEADERS)
    target_precompile_headers(${NAME} PRIVATE ${ARG_HEADERS})
  endif()
  if(ARG_SHARE_HEADERS)
    target_precompile_headers(${NAME} REUSE_FROM ${ARG_SHARE_HEADERS})
  endif()
  set_property(GLOBAL APPEND PROPERTY RMTLAB_LIBRARIES ${NAME})
endfunction()
