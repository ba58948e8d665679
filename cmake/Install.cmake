# SPDX-License-Identifier: MIT
# `cmake --install` and find_package(rmtlab): headers below include/rmtlab, targets rmtlab::<folder>.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

get_property(libraries GLOBAL PROPERTY RMTLAB_LIBRARIES)
list(REMOVE_ITEM libraries plot commands) # parts of the programs, of no use to others
install(TARGETS ${libraries} rmtlab_armadillo rmtlab_random123 EXPORT rmtlab-targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS rmtlab RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
foreach(folder theory sim)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder}
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/rmtlab FILES_MATCHING PATTERN "*.hpp")
endforeach()
install(EXPORT rmtlab-targets NAMESPACE rmtlab:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/rmtlab)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/rmtlab-config.cmake.in
  ${CMAKE_BINARY_DIR}/rmtlab-config.cmake INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/rmtlab)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/rmtlab-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/rmtlab-config.cmake ${CMAKE_BINARY_DIR}/rmtlab-config-version.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/rmtlab)
