# What `cmake --install` puts where. The man page and the completions are the program's own words, written when it is built, so
# they cannot differ from it.
include(GNUInstallDirs)

# ascribe_page(NAME ARGUMENTS...): what `ascribe ARGUMENTS...` prints, in the build's share/NAME
function(ascribe_page name)
  set(page ${PROJECT_BINARY_DIR}/share/${name})
  add_custom_command(OUTPUT ${page} DEPENDS ascribe
    COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/share
    COMMAND ascribe ${ARGN} > ${page} COMMENT "Writing share/${name}" VERBATIM)
  set_property(GLOBAL APPEND PROPERTY ASCRIBE_PAGES ${page})
endfunction()

ascribe_page(ascribe.1 manual)
ascribe_page(ascribe.bash completions bash)
ascribe_page(_ascribe completions zsh)
ascribe_page(ascribe.fish completions fish)
get_property(pages GLOBAL PROPERTY ASCRIBE_PAGES)
add_custom_target(ascribe_pages ALL DEPENDS ${pages})

set(share ${PROJECT_BINARY_DIR}/share)
install(TARGETS ascribe RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${share}/ascribe.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
# The folders in which Debian's bash, zsh and fish look for completions of packages.
install(FILES ${share}/ascribe.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME ascribe)
install(FILES ${share}/_ascribe DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${share}/ascribe.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES LICENSE NOTICE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
