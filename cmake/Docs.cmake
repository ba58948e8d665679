# SPDX-License-Identifier: MIT
# `make docs`: the reference of theory/ and sim/ as HTML in <build>/docs/html; any warning is an error.
# Formulas are typeset by MathJax: Debian's copy if it is installed, so that the pages work offline.
find_package(Doxygen)
if(NOT DOXYGEN_FOUND)
  return()
endif()

set(DOXYGEN_PROJECT_NAME rmtlab)
set(DOXYGEN_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/docs)
set(DOXYGEN_FILE_PATTERNS *.hpp *.md)
set(DOXYGEN_RECURSIVE YES)
set(DOXYGEN_STRIP_FROM_PATH ${PROJECT_SOURCE_DIR})
set(DOXYGEN_USE_MDFILE_AS_MAINPAGE ${PROJECT_SOURCE_DIR}/theory/CONVENTIONS.md)
set(DOXYGEN_CITE_BIB_FILES ${PROJECT_SOURCE_DIR}/paper/references.bib)
set(DOXYGEN_EXTRACT_ALL YES) # undocumented helpers of a documented header are listed, not warned about
# A parameter whose name says it all has no line of its own.
set(DOXYGEN_WARN_IF_INCOMPLETE_DOC NO)
set(DOXYGEN_EXTRACT_ANON_NSPACES NO)
set(DOXYGEN_JAVADOC_AUTOBRIEF YES)
set(DOXYGEN_QT_AUTOBRIEF YES)
set(DOXYGEN_TOC_INCLUDE_HEADINGS 2)
set(DOXYGEN_SORT_MEMBER_DOCS NO)
set(DOXYGEN_GENERATE_LATEX NO)
set(DOXYGEN_USE_MATHJAX YES)
set(DOXYGEN_WARN_AS_ERROR FAIL_ON_WARNINGS)
set(DOXYGEN_QUIET YES)
set(local_mathjax /usr/share/javascript/mathjax)
if(EXISTS ${local_mathjax}/MathJax.js)
  set(DOXYGEN_MATHJAX_VERSION MathJax_2)
  set(DOXYGEN_MATHJAX_RELPATH mathjax)
else()
  set(DOXYGEN_MATHJAX_VERSION MathJax_3)
endif()
# theory/tables holds numbers, not an interface.
set(DOXYGEN_EXCLUDE_PATTERNS */tracy_widom_table.hpp */build*)
doxygen_add_docs(docs ${PROJECT_SOURCE_DIR}/theory ${PROJECT_SOURCE_DIR}/sim
  COMMENT "Reference manual in ${CMAKE_BINARY_DIR}/docs/html")
if(DOXYGEN_MATHJAX_RELPATH)
  add_custom_command(TARGET docs POST_BUILD COMMAND ${CMAKE_COMMAND} -E create_symlink
    ${local_mathjax} ${DOXYGEN_OUTPUT_DIRECTORY}/html/mathjax)
endif()
